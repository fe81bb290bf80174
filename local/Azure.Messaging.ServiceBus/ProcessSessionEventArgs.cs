namespace Azure.Messaging.ServiceBus;

/// <summary>A session that a processor begins or ends with, and what a handler can do with it.</summary>
public class ProcessSessionEventArgs : EventArgs
{
    private readonly ServiceBusSessionReceiver _receiver;

    /// <summary>Creates the arguments.</summary>
    /// <param name="receiver">Who holds the session.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops or the session's lock is lost.</param>
    public ProcessSessionEventArgs(ServiceBusSessionReceiver receiver, CancellationToken cancellationToken)
        : this(receiver, string.Empty, cancellationToken) { }

    /// <summary>Creates the arguments.</summary>
    /// <param name="receiver">Who holds the session.</param>
    /// <param name="identifier">The processor's name.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops or the session's lock is lost.</param>
    public ProcessSessionEventArgs(
        ServiceBusSessionReceiver receiver,
        string identifier,
        CancellationToken cancellationToken
    )
    {
        _receiver = receiver;
        Identifier = identifier;
        CancellationToken = cancellationToken;
    }

    /// <summary>Gets a token that is cancelled when the processor stops or the session's lock is lost.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Gets the processor's name.</summary>
    public string Identifier { get; }

    /// <summary>Gets the broker's host.</summary>
    public string FullyQualifiedNamespace => _receiver.FullyQualifiedNamespace;

    /// <summary>Gets the entity that the session is of.</summary>
    public string EntityPath => _receiver.EntityPath;

    /// <summary>Gets the session.</summary>
    public string SessionId => _receiver.SessionId;

    /// <summary>Gets until when the session is locked.</summary>
    public DateTimeOffset SessionLockedUntil => _receiver.SessionLockedUntil;

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
}
