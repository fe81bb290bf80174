namespace Shop.Simulation.Tests.World;

/// <summary>Time that passes only when the history says so. Nothing in the simulation sets a timer, so it has none.</summary>
internal sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>Now.</summary>
    public DateTimeOffset Now { get; set; } = start;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Now;
}
