using System.Text.Json.Serialization;

namespace Shop.ServiceDefaults.Health;

internal sealed record AliveReport(bool Alive);

internal sealed record ReadyReport(bool Ready, IReadOnlyList<DependencyReport> Dependencies);

/// <param name="Name">The dependency.</param>
/// <param name="Ready">Whether the service can serve, as far as the dependency is concerned.</param>
/// <param name="Up">Whether the dependency answers; the service may be able to serve without it.</param>
/// <param name="Description">A detail for operators.</param>
internal sealed record DependencyReport(
    string Name,
    bool Ready,
    [property: JsonIgnore] bool Up,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description
);
