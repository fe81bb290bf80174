namespace Azure.Messaging.ServiceBus;

/// <summary>The lock of a message ended while its handler ran.</summary>
/// <param name="message">The message.</param>
/// <param name="exception">What told that the lock is lost; null when it ran out.</param>
public class MessageLockLostEventArgs(ServiceBusReceivedMessage message, Exception? exception)
{
    /// <summary>Gets the message.</summary>
    public ServiceBusReceivedMessage Message { get; } = message;

    /// <summary>Gets what told that the lock is lost; null when it ran out.</summary>
    public Exception? Exception { get; } = exception;
}
