namespace Azure.Messaging.ServiceBus;

/// <summary>What a processor did when an error came.</summary>
public enum ServiceBusErrorSource
{
    /// <summary>It completed a message.</summary>
    Complete = 0,

    /// <summary>It abandoned a message whose handler failed.</summary>
    Abandon = 1,

    /// <summary>It ran the message handler.</summary>
    ProcessMessageCallback = 2,

    /// <summary>It received messages.</summary>
    Receive = 3,

    /// <summary>It renewed the lock of a message.</summary>
    RenewLock = 4,

    /// <summary>It waited for a session.</summary>
    AcceptSession = 5,

    /// <summary>It closed a session.</summary>
    CloseSession = 6,
}
