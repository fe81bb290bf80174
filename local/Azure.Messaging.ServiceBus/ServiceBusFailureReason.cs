namespace Azure.Messaging.ServiceBus;

/// <summary>Why an operation failed, in terms that a program can decide upon.</summary>
public enum ServiceBusFailureReason
{
    /// <summary>None of the other reasons.</summary>
    GeneralError = 0,

    /// <summary>There is no such queue, topic or subscription.</summary>
    MessagingEntityNotFound = 1,

    /// <summary>The lock ended, or the message was settled before.</summary>
    MessageLockLost = 2,

    /// <summary>There is no message with that sequence number.</summary>
    MessageNotFound = 3,

    /// <summary>The message or batch is larger than the entity takes.</summary>
    MessageSizeExceeded = 4,

    /// <summary>The entity takes or gives no messages for now.</summary>
    MessagingEntityDisabled = 5,

    /// <summary>The entity is full, or has as many receivers as it may.</summary>
    QuotaExceeded = 6,

    /// <summary>The broker asks to come back later.</summary>
    ServiceBusy = 7,

    /// <summary>The broker did not answer in time.</summary>
    ServiceTimeout = 8,

    /// <summary>The connection failed.</summary>
    ServiceCommunicationProblem = 9,

    /// <summary>Somebody else holds the session.</summary>
    SessionCannotBeLocked = 10,

    /// <summary>The lock of the session ended.</summary>
    SessionLockLost = 11,

    /// <summary>There is such an entity already.</summary>
    MessagingEntityAlreadyExists = 12,
}
