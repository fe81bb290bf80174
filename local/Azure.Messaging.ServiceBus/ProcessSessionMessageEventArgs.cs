namespace Azure.Messaging.ServiceBus;

/// <summary>A message of a session for a processor's handler, and what the handler can do with both.</summary>
public class ProcessSessionMessageEventArgs : EventArgs
{
    private readonly ServiceBusSessionReceiver _receiver;
    private volatile bool _settled;

    /// <summary>Creates the arguments.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receiver">Who received it.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops or the session's lock is lost.</param>
    public ProcessSessionMessageEventArgs(
        ServiceBusReceivedMessage message,
        ServiceBusSessionReceiver receiver,
        CancellationToken cancellationToken
    )
        : this(message, receiver, string.Empty, cancellationToken) { }

    /// <summary>Creates the arguments.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receiver">Who received it.</param>
    /// <param name="identifier">The processor's name.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops or the session's lock is lost.</param>
    public ProcessSessionMessageEventArgs(
        ServiceBusReceivedMessage message,
        ServiceBusSessionReceiver receiver,
        string identifier,
        CancellationToken cancellationToken
    )
    {
        Message = message;
        _receiver = receiver;
        Identifier = identifier;
        CancellationToken = cancellationToken;
    }

    /// <summary>Raised when the lock of the session ends while the handler runs.</summary>
    public event Func<SessionLockLostEventArgs, Task>? SessionLockLostAsync;

    /// <summary>Gets the message.</summary>
    public ServiceBusReceivedMessage Message { get; }

    /// <summary>Gets a token that is cancelled when the processor stops or the session's lock is lost.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Gets the processor's name.</summary>
    public string Identifier { get; }

    /// <summary>Gets the broker's host.</summary>
    public string FullyQualifiedNamespace => _receiver.FullyQualifiedNamespace;

    /// <summary>Gets the entity that the message came from.</summary>
    public string EntityPath => _receiver.EntityPath;

    /// <summary>Gets the session.</summary>
    public string SessionId => _receiver.SessionId;

    /// <summary>Gets until when the session is locked.</summary>
    public DateTimeOffset SessionLockedUntil => _receiver.SessionLockedUntil;

    /// <summary>Whether the handler settled the message itself.</summary>
    internal bool IsSettled => _settled;

    /// <inheritdoc cref="ServiceBusSessionReceiver.GetSessionStateAsync" />
    public virtual Task<BinaryData?> GetSessionStateAsync(CancellationToken cancellationToken = default) =>
        _receiver.GetSessionStateAsync(cancellationToken);

    /// <inheritdoc cref="ServiceBusSessionReceiver.SetSessionStateAsync" />
    public virtual Task SetSessionStateAsync(BinaryData? sessionState, CancellationToken cancellationToken = default) =>
        _receiver.SetSessionStateAsync(sessionState, cancellationToken);

    /// <inheritdoc cref="ServiceBusSessionReceiver.RenewSessionLockAsync" />
    public virtual Task RenewSessionLockAsync(CancellationToken cancellationToken = default) =>
        _receiver.RenewSessionLockAsync(cancellationToken);

    /// <summary>Lets the session go once its handlers are done, so that another gets its turn.</summary>
    public virtual void ReleaseSession() => _receiver.Released.Cancel();

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
        Dictionary<string, object>? propertiesToModify,
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

    /// <summary>Raises <see cref="SessionLockLostAsync"/>.</summary>
    /// <param name="args">What is known of it.</param>
    protected internal virtual Task OnSessionLockLostAsync(SessionLockLostEventArgs args) =>
        SessionLockLostAsync is { } handlers
            ? Task.WhenAll(
                handlers
                    .GetInvocationList()
                    .Cast<Func<SessionLockLostEventArgs, Task>>()
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
