namespace Shop.ServiceDefaults.Tests;

/// <summary>A clock that a test moves, for what asks what time it is; waiting takes the time it takes.</summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();

    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start + Ahead;

    public override long GetTimestamp() => Ahead.Ticks;
}
