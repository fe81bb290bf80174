using Shop.ServiceDefaults.Telemetry;

namespace Shop.Messaging;

/// <summary>
/// A handler that deals with all messages that wait for it and share a transaction at once: it loads what they need with a
/// query or two, and what they change is saved in one go. One that arrives alone is a batch of one.
/// </summary>
/// <remarks>
/// Nothing is saved between two messages of a batch, and they may be about the same thing: what was done for an earlier one has
/// to be seen in the tracked entities or in the handler itself.
/// </remarks>
/// <typeparam name="TMessage">The handler's own reading of the message: the fields that it needs.</typeparam>
public interface IMessageBatchHandler<TMessage> : IMessageHandler<TMessage>
{
    /// <summary>
    /// Handles the messages, all or none. An exception rolls everything back and has each handled alone, where its own failure
    /// shows.
    /// </summary>
    /// <param name="messages">At least one, in the order of their arrival.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    Task HandleAsync(IReadOnlyList<Received<TMessage>> messages, CancellationToken cancellationToken);

    /// <inheritdoc />
    Task IMessageHandler<TMessage>.HandleAsync(
        TMessage message,
        MessageContext context,
        CancellationToken cancellationToken
    ) => HandleAsync([new Received<TMessage>(message, context)], cancellationToken);
}

/// <summary>A message of a batch.</summary>
public sealed class Received<TMessage>
{
    // Of the delivery; the default where those of the caller are the right ones.
    private readonly Surroundings _surroundings;

    /// <summary>One that is handled where the caller is.</summary>
    /// <param name="message">The message.</param>
    /// <param name="context">What is known of it besides its content.</param>
    public Received(TMessage message, MessageContext context)
        : this(message, context, default) { }

    internal Received(TMessage message, MessageContext context, Surroundings surroundings) =>
        (Message, Context, _surroundings) = (message, context, surroundings);

    /// <summary>The message.</summary>
    public TMessage Message { get; }

    /// <summary>What is known of it besides its content.</summary>
    public MessageContext Context { get; }

    /// <summary>
    /// Does this message's part of the work in the message's own trace: what is added to the outbox or logged in there belongs
    /// to it.
    /// </summary>
    public void Handle(Action<TMessage> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _surroundings.Run(() => handle(Message));
    }

    /// <summary>The same for work that waits for something.</summary>
    public Task HandleAsync(Func<TMessage, Task> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return _surroundings.RunAsync(() => handle(Message));
    }
}
