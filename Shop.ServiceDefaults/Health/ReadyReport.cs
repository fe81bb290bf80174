using System.Text.Json.Serialization;

namespace Shop.ServiceDefaults.Health;

internal sealed record AliveReport(bool Alive);

internal sealed record ReadyReport(bool Ready, IReadOnlyList<DependencyReport> Dependencies);

internal sealed record DependencyReport(
    string Name,
    bool Ready,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description
);
