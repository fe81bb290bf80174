namespace Azure.Messaging.ServiceBus;

/// <summary>What a message in an entity waits for.</summary>
public enum ServiceBusMessageState
{
    /// <summary>It can be received.</summary>
    Active = 0,

    /// <summary>It was put aside and is received by its sequence number only.</summary>
    Deferred = 1,

    /// <summary>It cannot be received before its time.</summary>
    Scheduled = 2,
}
