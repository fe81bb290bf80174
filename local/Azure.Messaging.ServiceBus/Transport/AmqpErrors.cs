using System.Net.Sockets;
using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Turns what AMQP and the network say into the exceptions that the API promises.</summary>
internal static class AmqpErrors
{
    public static Exception From(Exception exception, string entityPath) =>
        exception switch
        {
            AmqpException { Error: { } error } => From(error, exception),
            AmqpException or SocketException or IOException or ObjectDisposedException => new ServiceBusException(
                exception.Message,
                ServiceBusFailureReason.ServiceCommunicationProblem,
                entityPath,
                exception
            ),
            TimeoutException => new ServiceBusException(
                exception.Message,
                ServiceBusFailureReason.ServiceTimeout,
                entityPath,
                exception
            ),
            _ => exception,
        };

    public static Exception From(Error error, Exception? inner = null) =>
        From(error.Condition?.ToString(), error.Description, inner);

    /// <summary>What the broker answered. Its description names the entity; the official client sets no path of its own.</summary>
    public static Exception From(string? condition, string? description, Exception? inner = null)
    {
        var message = string.IsNullOrEmpty(description) ? $"The broker answered '{condition}'." : description;
        return condition switch
        {
            "amqp:unauthorized-access" => new UnauthorizedAccessException(message, inner),
            "amqp:not-allowed" => new InvalidOperationException(message, inner),
            "amqp:not-implemented" => new NotSupportedException(message, inner),
            "com.microsoft:argument-error" => new ArgumentException(message, inner),
            "com.microsoft:argument-out-of-range" => new ArgumentOutOfRangeException(message, inner),
            _ => Reason(condition) is { } reason
                ? new ServiceBusException(message, reason, null, inner)
                // What the broker gives no known reason for may pass.
                : new ServiceBusException(
                    isTransient: true,
                    message,
                    null,
                    ServiceBusFailureReason.GeneralError,
                    inner
                ),
        };
    }

    private static ServiceBusFailureReason? Reason(string? condition) =>
        condition switch
        {
            "amqp:not-found" => ServiceBusFailureReason.MessagingEntityNotFound,
            "com.microsoft:entity-disabled" => ServiceBusFailureReason.MessagingEntityDisabled,
            "com.microsoft:entity-already-exists" => ServiceBusFailureReason.MessagingEntityAlreadyExists,
            "com.microsoft:message-not-found" => ServiceBusFailureReason.MessageNotFound,
            "com.microsoft:message-lock-lost" => ServiceBusFailureReason.MessageLockLost,
            "com.microsoft:session-lock-lost" => ServiceBusFailureReason.SessionLockLost,
            "com.microsoft:session-cannot-be-locked" => ServiceBusFailureReason.SessionCannotBeLocked,
            "amqp:link:message-size-exceeded" => ServiceBusFailureReason.MessageSizeExceeded,
            "amqp:resource-limit-exceeded" => ServiceBusFailureReason.QuotaExceeded,
            "com.microsoft:server-busy" => ServiceBusFailureReason.ServiceBusy,
            "com.microsoft:timeout" => ServiceBusFailureReason.ServiceTimeout,
            "amqp:connection:forced"
            or "amqp:connection:framing-error"
            or "amqp:link:detach-forced"
            or "amqp:link:redirect"
            or "amqp:illegal-state"
            or "com.microsoft:operation-cancelled"
            or "com.microsoft:container-close" => ServiceBusFailureReason.ServiceCommunicationProblem,
            _ => null,
        };
}
