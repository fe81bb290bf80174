using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Refusals in the conditions that the SDKs map to their reasons.</summary>
internal static class AmqpErrors
{
    public static Error ToAmqp(this BrokerError error) =>
        new(Condition(error.Kind)) { Description = error.Description };

    public static Symbol Condition(BrokerErrorKind kind) =>
        kind switch
        {
            BrokerErrorKind.EntityNotFound => ErrorCode.NotFound,
            BrokerErrorKind.EntityAlreadyExists => "com.microsoft:entity-already-exists",
            BrokerErrorKind.EntityDisabled => "com.microsoft:entity-disabled",
            BrokerErrorKind.LockLost => "com.microsoft:message-lock-lost",
            BrokerErrorKind.SessionLockLost => "com.microsoft:session-lock-lost",
            BrokerErrorKind.SessionCannotBeLocked => "com.microsoft:session-cannot-be-locked",
            BrokerErrorKind.Timeout => "com.microsoft:timeout",
            BrokerErrorKind.MessageNotFound => "com.microsoft:message-not-found",
            BrokerErrorKind.MessageTooLarge => ErrorCode.MessageSizeExceeded,
            BrokerErrorKind.InvalidField => ErrorCode.InvalidField,
            BrokerErrorKind.UnknownTransaction => "amqp:transaction:unknown-id",
            BrokerErrorKind.TransactionRolledBack => "amqp:transaction:rollback",
            BrokerErrorKind.TransactionTimeout => "amqp:transaction:timeout",
            _ => ErrorCode.NotAllowed,
        };

    public static int StatusCode(BrokerErrorKind kind) =>
        kind switch
        {
            BrokerErrorKind.EntityNotFound or BrokerErrorKind.MessageNotFound => 404,
            BrokerErrorKind.Timeout => 408,
            BrokerErrorKind.EntityAlreadyExists => 409,
            BrokerErrorKind.LockLost or BrokerErrorKind.SessionLockLost => 410,
            _ => 400,
        };

    public static AmqpException Exception(string condition, string description) =>
        new(new Error(condition) { Description = description });

    public static AmqpException ToException(this BrokerError error) => new(error.ToAmqp());
}
