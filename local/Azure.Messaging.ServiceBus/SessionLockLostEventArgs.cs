namespace Azure.Messaging.ServiceBus;

/// <summary>The lock of a session ended while a handler of one of its messages ran.</summary>
/// <param name="message">The message.</param>
/// <param name="sessionLockedUntil">When the lock ended.</param>
/// <param name="exception">What told that the lock is lost.</param>
public class SessionLockLostEventArgs(
    ServiceBusReceivedMessage message,
    DateTimeOffset sessionLockedUntil,
    Exception? exception
) : EventArgs
{
    /// <summary>Gets the message.</summary>
    public ServiceBusReceivedMessage Message { get; } = message;

    /// <summary>Gets when the lock ended.</summary>
    public DateTimeOffset SessionLockedUntil { get; } = sessionLockedUntil;

    /// <summary>Gets what told that the lock is lost.</summary>
    public Exception? Exception { get; } = exception;
}
