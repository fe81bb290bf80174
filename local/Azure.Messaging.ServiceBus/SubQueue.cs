namespace Azure.Messaging.ServiceBus;

/// <summary>A queue inside of a queue or subscription.</summary>
public enum SubQueue
{
    /// <summary>The entity itself.</summary>
    None = 0,

    /// <summary>What could not be delivered or processed.</summary>
    DeadLetter = 1,

    /// <summary>What could not be forwarded.</summary>
    TransferDeadLetter = 2,
}
