namespace Shop.Messaging;

/// <summary>
/// Reacts to one type of message. It runs in a transaction together with the inbox entry of the message: what it changes
/// through the module's context, what it adds to the outbox and the fact that the message was handled are committed together,
/// or not at all. It may save changes, but never opens or commits a transaction.
/// </summary>
/// <typeparam name="TMessage">The handler's own reading of the message: the fields that it needs.</typeparam>
public interface IMessageHandler<in TMessage>
{
    /// <summary>
    /// Handles the message. An exception rolls everything back and has the message delivered again, except
    /// <see cref="MessageRejectedException"/>, which puts it into the dead-letter queue at once.
    /// </summary>
    Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken);
}
