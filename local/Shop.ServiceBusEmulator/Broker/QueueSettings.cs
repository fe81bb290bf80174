namespace Shop.ServiceBusEmulator.Broker;

/// <summary>How a queue or a subscription treats its messages.</summary>
internal sealed record QueueSettings
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);
    public int MaxDeliveryCount { get; init; } = 10;
    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.MaxValue;
    public bool DeadLetterOnExpiration { get; init; }
    public bool RequiresSession { get; init; }

    /// <summary>For how long a message id makes a later message with it a duplicate; null when none is looked for.</summary>
    public TimeSpan? DuplicateWindow { get; init; }
}
