namespace Azure.Messaging.ServiceBus;

/// <summary>Who decides that a message was dealt with.</summary>
public enum ServiceBusReceiveMode
{
    /// <summary>The message is locked for the receiver until it is settled or the lock ends.</summary>
    PeekLock = 0,

    /// <summary>The message is gone once it was sent to the receiver.</summary>
    ReceiveAndDelete = 1,
}
