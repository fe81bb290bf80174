namespace Shop.Messaging;

/// <summary>A delivery that has ended, and what becomes of its message.</summary>
internal sealed record Settled(Guid Id, Settlement Settlement)
{
    /// <summary>How long a message that failed waits for its next delivery.</summary>
    public TimeSpan Pause { get; init; }
}
