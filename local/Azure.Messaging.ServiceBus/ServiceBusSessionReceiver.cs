using Azure.Messaging.ServiceBus.Diagnostics;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// Receives the messages of one session, in their order and from nobody else's hands: the session is locked while the
/// receiver is open and its lock is renewed. A lost lock does not come back; accept the session again.
/// </summary>
public class ServiceBusSessionReceiver : ServiceBusReceiver
{
    private readonly ReceiveLink _link = null!;

    /// <summary>Creates a receiver that can only be derived from, in tests.</summary>
    protected ServiceBusSessionReceiver() { }

    private ServiceBusSessionReceiver(
        ServiceBusClient client,
        string entityPath,
        ServiceBusReceiverOptions options,
        ReceiveLink link
    )
        : base(client, entityPath, options, link) => _link = link;

    /// <summary>Gets the session.</summary>
    public virtual string SessionId => Lock.Id;

    /// <summary>Gets until when the session is locked.</summary>
    public virtual DateTimeOffset SessionLockedUntil => Lock.LockedUntil;

    /// <summary>Gets whether the receiver was closed, or lost its session.</summary>
    public override bool IsClosed => base.IsClosed || !_link.IsOpen;

    /// <summary>Cancelled when a handler of a processor has asked to be done with the session.</summary>
    internal CancellationTokenSource Released { get; } = new();

    private SessionLock Lock => _link.Session!;

    /// <summary>Reads what was stored with the session.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The state; null when there is none.</returns>
    /// <exception cref="ServiceBusException">Among others, when the lock was lost.</exception>
    public virtual async Task<BinaryData?> GetSessionStateAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using var activity = Diagnostics.OfSession("GetSessionState");
        var state = await Observed
            .RunAsync(activity, () => Management.GetSessionStateAsync(cancellationToken))
            .ConfigureAwait(false);
        return state is null ? null : BinaryData.FromBytes(state);
    }

    /// <summary>Stores something with the session; it stays when all messages are gone.</summary>
    /// <param name="sessionState">The state; null forgets it.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">Among others, when the lock was lost.</exception>
    public virtual async Task SetSessionStateAsync(
        BinaryData? sessionState,
        CancellationToken cancellationToken = default
    )
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using var activity = Diagnostics.OfSession("SetSessionState");
        await Observed
            .RunAsync(activity, () => Management.SetSessionStateAsync(sessionState?.ToArray(), cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Makes the lock of the session last longer; <see cref="SessionLockedUntil"/> changes.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">Among others, when the lock was lost.</exception>
    public virtual async Task RenewSessionLockAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using var activity = Diagnostics.OfSession("RenewSessionLock");
        Lock.LockedUntil = await Observed
            .RunAsync(activity, () => Management.RenewSessionLockAsync(cancellationToken))
            .ConfigureAwait(false);
    }

    /// <param name="client">Whose connection it uses.</param>
    /// <param name="entityPath">The queue or subscription.</param>
    /// <param name="sessionId">The session; null for the next that has messages.</param>
    /// <param name="options">How it receives.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    internal static async Task<ServiceBusSessionReceiver> AcceptAsync(
        ServiceBusClient client,
        string entityPath,
        string? sessionId,
        ServiceBusSessionReceiverOptions? options,
        CancellationToken cancellationToken
    )
    {
        var receiverOptions = new ServiceBusReceiverOptions
        {
            Identifier = Names.Identifier(options?.Identifier, entityPath),
            PrefetchCount = options?.PrefetchCount ?? 0,
            ReceiveMode = options?.ReceiveMode ?? ServiceBusReceiveMode.PeekLock,
        };
        var connection = client.Connection;
        var retry = client.Retry;
        var link = await retry
            .RunAsync(
                "accept a session",
                entityPath,
                attempt =>
                    ReceiveLink.OpenAsync(
                        connection,
                        entityPath,
                        receiverOptions.ReceiveMode,
                        receiverOptions.Identifier,
                        attempt,
                        new SessionRequest(sessionId, retry.TryTimeout)
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        return new ServiceBusSessionReceiver(client, entityPath, receiverOptions, link);
    }
}
