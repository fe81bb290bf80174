namespace Shop.ServiceBusEmulator.Broker;

/// <summary>How a queue or a subscription treats its messages.</summary>
internal sealed record QueueSettings
{
    /// <summary>The most that <see cref="MaxMessageSize"/> can be set to, as on Azure's premium tier.</summary>
    public const int LargestMessageInKilobytes = 102400;

    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);
    public int MaxDeliveryCount { get; init; } = 10;
    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.MaxValue;
    public bool DeadLetterOnExpiration { get; init; }
    public bool RequiresSession { get; init; }

    /// <summary>What one message, or a batch of them, may have in bytes, all sections together.</summary>
    public int MaxMessageSize { get; init; } = 1024 * 1024;

    /// <summary>For how long a message id makes a later message with it a duplicate; null when none is looked for.</summary>
    public TimeSpan? DuplicateWindow { get; init; }
}
