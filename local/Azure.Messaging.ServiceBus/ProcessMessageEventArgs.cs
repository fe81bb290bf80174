namespace Azure.Messaging.ServiceBus;

/// <summary>A message for a processor's handler, and what the handler can do with it.</summary>
public class ProcessMessageEventArgs : EventArgs
{
    private readonly ServiceBusReceiver _receiver;
    private volatile bool _settled;

    /// <summary>Creates the arguments.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receiver">Who received it.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops.</param>
    public ProcessMessageEventArgs(
        ServiceBusReceivedMessage message,
        ServiceBusReceiver receiver,
        CancellationToken cancellationToken
    )
        : this(message, receiver, string.Empty, cancellationToken) { }

    /// <summary>Creates the arguments.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receiver">Who received it.</param>
    /// <param name="identifier">The processor's name.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops.</param>
    public ProcessMessageEventArgs(
        ServiceBusReceivedMessage message,
        ServiceBusReceiver receiver,
        string identifier,
        CancellationToken cancellationToken
    )
    {
        Message = message;
        _receiver = receiver;
        Identifier = identifier;
        CancellationToken = cancellationToken;
    }

    /// <summary>Raised when the lock of the message ends while the handler runs.</summary>
    public event Func<MessageLockLostEventArgs, Task>? MessageLockLostAsync;

    /// <summary>Gets the message.</summary>
    public ServiceBusReceivedMessage Message { get; }

    /// <summary>Gets a token that is cancelled when the processor stops.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Gets the processor's name.</summary>
    public string Identifier { get; }

    /// <summary>Gets the broker's host.</summary>
    public string FullyQualifiedNamespace => _receiver.FullyQualifiedNamespace;

    /// <summary>Gets the entity that the message came from.</summary>
    public string EntityPath => _receiver.EntityPath;

    /// <summary>Whether the handler settled the message itself.</summary>
    internal bool IsSettled => _settled;

    /// <inheritdoc cref="ServiceBusReceiver.CompleteMessageAsync" />
    public virtual Task CompleteMessageAsync(
        ServiceBusReceivedMessage message,
        CancellationToken cancellationToken = default
    ) => SettleAsync(message, _receiver.CompleteMessageAsync(message, cancellationToken));

    /// <inheritdoc cref="ServiceBusReceiver.AbandonMessageAsync" />
    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default
    ) => SettleAsync(message, _receiver.AbandonMessageAsync(message, propertiesToModify, cancellationToken));

    /// <inheritdoc cref="ServiceBusReceiver.DeferMessageAsync" />
    public virtual Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default
    ) => SettleAsync(message, _receiver.DeferMessageAsync(message, propertiesToModify, cancellationToken));

    /// <inheritdoc cref="ServiceBusReceiver.DeadLetterMessageAsync(ServiceBusReceivedMessage, IDictionary{string, object}, CancellationToken)" />
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default
    ) => SettleAsync(message, _receiver.DeadLetterMessageAsync(message, propertiesToModify, cancellationToken));

    /// <inheritdoc cref="ServiceBusReceiver.DeadLetterMessageAsync(ServiceBusReceivedMessage, string, string, CancellationToken)" />
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string? deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default
    ) =>
        SettleAsync(
            message,
            _receiver.DeadLetterMessageAsync(message, deadLetterReason, deadLetterErrorDescription, cancellationToken)
        );

    /// <inheritdoc cref="ServiceBusReceiver.DeadLetterMessageAsync(ServiceBusReceivedMessage, IDictionary{string, object}, string, string, CancellationToken)" />
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify,
        string? deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default
    ) =>
        SettleAsync(
            message,
            _receiver.DeadLetterMessageAsync(
                message,
                propertiesToModify,
                deadLetterReason,
                deadLetterErrorDescription,
                cancellationToken
            )
        );

    /// <inheritdoc cref="ServiceBusReceiver.RenewMessageLockAsync" />
    public virtual Task RenewMessageLockAsync(
        ServiceBusReceivedMessage message,
        CancellationToken cancellationToken = default
    ) => _receiver.RenewMessageLockAsync(message, cancellationToken);

    /// <summary>Raises <see cref="MessageLockLostAsync"/>.</summary>
    /// <param name="args">What is known of it.</param>
    protected internal virtual Task OnMessageLockLostAsync(MessageLockLostEventArgs args) =>
        MessageLockLostAsync is { } handlers
            ? Task.WhenAll(
                handlers
                    .GetInvocationList()
                    .Cast<Func<MessageLockLostEventArgs, Task>>()
                    .Select(handler => handler(args))
            )
            : Task.CompletedTask;

    private async Task SettleAsync(ServiceBusReceivedMessage message, Task settling)
    {
        await settling.ConfigureAwait(false);
        if (ReferenceEquals(message, Message))
        {
            _settled = true;
        }
    }
}
