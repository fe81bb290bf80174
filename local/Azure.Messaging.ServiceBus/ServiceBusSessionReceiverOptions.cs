namespace Azure.Messaging.ServiceBus;

/// <summary>How a receiver of a session receives.</summary>
public class ServiceBusSessionReceiverOptions
{
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

    /// <summary>Gets or sets the name in diagnostics; made up when not set.</summary>
    public string? Identifier { get; set; }
}
