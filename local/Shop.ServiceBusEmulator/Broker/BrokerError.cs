namespace Shop.ServiceBusEmulator.Broker;

internal enum BrokerErrorKind
{
    EntityNotFound,
    EntityAlreadyExists,
    EntityDisabled,
    LockLost,
    SessionLockLost,
    SessionCannotBeLocked,
    Timeout,
    MessageNotFound,
    MessageTooLarge,
    NotAllowed,
    InvalidField,
    UnknownTransaction,
    TransactionRolledBack,
    TransactionTimeout,
}

/// <summary>A refusal that the client is told: an expected outcome, not a bug.</summary>
internal sealed record BrokerError(BrokerErrorKind Kind, string Description)
{
    public static BrokerError NotFound(string entity) =>
        new(
            BrokerErrorKind.EntityNotFound,
            $"The messaging entity '{entity}' could not be found. To know more visit https://aka.ms/sbResourceMgrExceptions."
        );

    public static BrokerError LockLost { get; } =
        new(
            BrokerErrorKind.LockLost,
            "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue."
        );

    public static BrokerError SessionLockLost { get; } =
        new(
            BrokerErrorKind.SessionLockLost,
            "The session lock has expired on the MessageSession. Accept a new MessageSession."
        );
}
