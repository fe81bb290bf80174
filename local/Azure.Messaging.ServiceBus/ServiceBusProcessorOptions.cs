namespace Azure.Messaging.ServiceBus;

/// <summary>How a processor receives and handles.</summary>
public class ServiceBusProcessorOptions
{
    /// <summary>Gets or sets whether a message is completed when its handler returns. It is by default.</summary>
    public bool AutoCompleteMessages { get; set; } = true;

    /// <summary>Gets or sets for how long the lock of a message in its handler is renewed. 5 minutes by default.</summary>
    public TimeSpan MaxAutoLockRenewalDuration
    {
        get;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            }

            field = value;
        }
    } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how many handlers run at the same time. 1 by default.</summary>
    public int MaxConcurrentCalls
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>Gets or sets how many messages are fetched ahead of need. None by default.</summary>
    public int PrefetchCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Gets or sets whether messages are locked or deleted when received. Locked by default.</summary>
    public ServiceBusReceiveMode ReceiveMode { get; set; }

    /// <summary>Gets or sets which queue of the entity to read.</summary>
    public SubQueue SubQueue { get; set; }

    /// <summary>Gets or sets the name in diagnostics; made up when not set.</summary>
    public string? Identifier { get; set; }
}
