using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus.Diagnostics;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus;

/// <summary>Receives messages of a queue or subscription, and settles them. Safe for use by many threads.</summary>
public class ServiceBusReceiver : IAsyncDisposable
{
    private readonly ServiceBusClient _client = null!;
    private readonly RetryPolicy _retry = null!;
    private readonly ClientDiagnostics _diagnostics = null!;
    private readonly ManagementClient _management = null!;
    private readonly MessagePull _pull = null!;
    private readonly MessageSettlement _settlement = null!;
    private long _nextToPeek = 1;
    private volatile bool _closed;

    /// <summary>Creates a receiver that can only be derived from, in tests.</summary>
    protected ServiceBusReceiver()
    {
        EntityPath = string.Empty;
        Identifier = string.Empty;
    }

    /// <summary>Creates a receiver of a queue.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives.</param>
    protected internal ServiceBusReceiver(ServiceBusClient client, string queueName, ServiceBusReceiverOptions? options)
        : this(client, queueName, options, session: null) { }

    /// <summary>Creates a receiver, of the messages of a session when it is given a link that holds one.</summary>
    private protected ServiceBusReceiver(
        ServiceBusClient client,
        string queueName,
        ServiceBusReceiverOptions? options,
        ReceiveLink? session
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ServiceBusReceiverOptions();
        EntityPath = Names.Sub(Names.Queue(queueName), options.SubQueue);
        Identifier = Names.Identifier(options.Identifier, EntityPath);
        PrefetchCount = options.PrefetchCount;
        ReceiveMode = options.ReceiveMode;
        _client = client;
        _retry = client.Retry;
        _diagnostics = new ClientDiagnostics(client.FullyQualifiedNamespace, EntityPath);
        _management = new ManagementClient(client.Connection, EntityPath, _retry, session);
        Link = new(
            cancellationToken =>
                session is null
                    ? ReceiveLink.OpenAsync(client.Connection, EntityPath, ReceiveMode, Identifier, cancellationToken)
                    : throw SessionLock.Lost(),
            link => link.IsOpen,
            link => link.CloseAsync(),
            session
        );
        _pull = new MessagePull(Link, PrefetchCount);
        _settlement = new MessageSettlement(_management, _retry, EntityPath, session);
    }

    /// <summary>Creates a receiver of a subscription.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives.</param>
    protected ServiceBusReceiver(
        ServiceBusClient client,
        string topicName,
        string subscriptionName,
        ServiceBusReceiverOptions? options
    )
        : this(client, Names.Subscription(topicName, subscriptionName), options) { }

    /// <summary>Gets the broker's host.</summary>
    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    /// <summary>Gets the entity that is read, with its sub-queue.</summary>
    public virtual string EntityPath { get; }

    /// <summary>Gets the receiver's name in diagnostics.</summary>
    public virtual string Identifier { get; }

    /// <summary>Gets whether messages are locked or deleted when received.</summary>
    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    /// <summary>Gets how many messages are fetched ahead of need.</summary>
    public virtual int PrefetchCount { get; }

    /// <summary>Gets whether the receiver was closed.</summary>
    public virtual bool IsClosed => _closed;

    /// <summary>The link; a processor takes its messages as they come.</summary>
    internal Reopenable<ReceiveLink> Link { get; } = null!;

    internal RetryPolicy Retry => _retry;

    internal ClientDiagnostics Diagnostics => _diagnostics;

    private protected ManagementClient Management => _management;

    /// <summary>Receives a message.</summary>
    /// <param name="maxWaitTime">How long to wait for one; a try's time when null.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The message, or null when none came in time.</returns>
    public virtual async Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(
        TimeSpan? maxWaitTime = null,
        CancellationToken cancellationToken = default
    )
    {
        var messages = await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken).ConfigureAwait(false);
        return messages.Count == 0 ? null : messages[0];
    }

    /// <summary>Receives messages: those that are there, or the first that come.</summary>
    /// <param name="maxMessages">How many at most.</param>
    /// <param name="maxWaitTime">How long to wait for the first; a try's time when null.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The messages; none when none came in time.</returns>
    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
        int maxMessages,
        TimeSpan? maxWaitTime = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        if (maxWaitTime is { } wait)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero, nameof(maxWaitTime));
        }

        ObjectDisposedException.ThrowIf(IsClosed, this);
        using var activity = _diagnostics.Receiving("Receive", "receive");
        return await Observed
            .RunAsync(
                activity,
                () =>
                    _pull.ReceiveAsync(
                        maxMessages,
                        maxWaitTime ?? _retry.TryTimeout,
                        _retry,
                        EntityPath,
                        cancellationToken
                    )
            )
            .ConfigureAwait(false);
    }

    /// <summary>Receives messages one by one, for ever.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public virtual async IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await ReceiveMessageAsync(null, cancellationToken).ConfigureAwait(false) is { } message)
            {
                yield return message;
            }
        }
    }

    /// <summary>Looks at the next message that was not looked at, without locking it.</summary>
    /// <param name="fromSequenceNumber">Where to look from instead.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The message, or null when there is none.</returns>
    public virtual async Task<ServiceBusReceivedMessage?> PeekMessageAsync(
        long? fromSequenceNumber = null,
        CancellationToken cancellationToken = default
    )
    {
        var messages = await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken).ConfigureAwait(false);
        return messages.Count == 0 ? null : messages[0];
    }

    /// <summary>Looks at the next messages that were not looked at, without locking them.</summary>
    /// <param name="maxMessages">How many at most.</param>
    /// <param name="fromSequenceNumber">Where to look from instead.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
        int maxMessages,
        long? fromSequenceNumber = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using var activity = _diagnostics.Receiving("Peek", "receive");
        var messages = await Observed
            .RunAsync(
                activity,
                () =>
                    _management.PeekAsync(
                        fromSequenceNumber ?? Interlocked.Read(ref _nextToPeek),
                        maxMessages,
                        cancellationToken
                    )
            )
            .ConfigureAwait(false);
        if (messages.Count > 0)
        {
            Interlocked.Exchange(ref _nextToPeek, messages[^1].SequenceNumber + 1);
        }

        return messages;
    }

    /// <summary>Receives a message that was deferred.</summary>
    /// <param name="sequenceNumber">Its sequence number.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">There is no such message.</exception>
    public virtual async Task<ServiceBusReceivedMessage> ReceiveDeferredMessageAsync(
        long sequenceNumber,
        CancellationToken cancellationToken = default
    )
    {
        var messages = await ReceiveDeferredMessagesAsync([sequenceNumber], cancellationToken).ConfigureAwait(false);
        return messages[0];
    }

    /// <summary>Receives messages that were deferred.</summary>
    /// <param name="sequenceNumbers">Their sequence numbers.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">There are no such messages.</exception>
    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredMessagesAsync(
        IEnumerable<long> sequenceNumbers,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        long[] numbers = [.. sequenceNumbers];
        if (numbers.Length == 0)
        {
            return [];
        }

        using var activity = _diagnostics.Receiving("ReceiveDeferred", "receive");
        return await Observed
            .RunAsync(activity, () => _management.ReceiveDeferredAsync(numbers, ReceiveMode, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Says that a message was dealt with; the entity forgets it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">Among others, when the lock was lost.</exception>
    public virtual Task CompleteMessageAsync(
        ServiceBusReceivedMessage message,
        CancellationToken cancellationToken = default
    ) => SettleAsync("Complete", message, Settlement.Complete, cancellationToken);

    /// <summary>Gives a message back; it is delivered again.</summary>
    /// <param name="message">The message.</param>
    /// <param name="propertiesToModify">Properties to change.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default
    ) => SettleAsync("Abandon", message, Settlement.Abandon(propertiesToModify), cancellationToken);

    /// <summary>Puts a message aside; it can be received by its sequence number only.</summary>
    /// <param name="message">The message.</param>
    /// <param name="propertiesToModify">Properties to change.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default
    ) => SettleAsync("Defer", message, Settlement.Defer(propertiesToModify), cancellationToken);

    /// <summary>Moves a message to the dead-letter queue.</summary>
    /// <param name="message">The message.</param>
    /// <param name="propertiesToModify">Properties to change.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default
    ) => DeadLetterAsync(message, propertiesToModify, null, null, cancellationToken);

    /// <summary>Moves a message to the dead-letter queue.</summary>
    /// <param name="message">The message.</param>
    /// <param name="deadLetterReason">Why.</param>
    /// <param name="deadLetterErrorDescription">More of why.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string? deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default
    ) => DeadLetterAsync(message, null, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    /// <summary>Moves a message to the dead-letter queue.</summary>
    /// <param name="message">The message.</param>
    /// <param name="propertiesToModify">Properties to change.</param>
    /// <param name="deadLetterReason">Why.</param>
    /// <param name="deadLetterErrorDescription">More of why.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify,
        string? deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default
    ) => DeadLetterAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    /// <summary>Makes the lock of a message last longer.</summary>
    /// <param name="message">The message; its <see cref="ServiceBusReceivedMessage.LockedUntil"/> changes.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">Among others, when the lock was lost.</exception>
    public virtual async Task RenewMessageLockAsync(
        ServiceBusReceivedMessage message,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfNotLocking(message);
        using var activity = _diagnostics.Receiving("RenewMessageLock", "settle", [message]);
        message.LockedUntil = await Observed
            .RunAsync(activity, () => _management.RenewLockAsync(message.LockTokenGuid, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Closes the receiver; the client's connection stays open.</summary>
    /// <param name="cancellationToken">Not needed: closing has a limit of its own.</param>
    public virtual async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        await Link.CloseAsync().ConfigureAwait(false);
        await _management.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the receiver; the client's connection stays open.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private Task DeadLetterAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify,
        string? reason,
        string? description,
        CancellationToken cancellationToken
    ) =>
        SettleAsync(
            "DeadLetter",
            message,
            Settlement.DeadLetter(propertiesToModify, reason, description),
            cancellationToken
        );

    private async Task SettleAsync(
        string call,
        ServiceBusReceivedMessage message,
        Settlement settlement,
        CancellationToken cancellationToken
    )
    {
        ThrowIfNotLocking(message);
        using var activity = _diagnostics.Receiving(call, "settle", [message]);
        await Observed
            .RunAsync(activity, () => _settlement.SettleAsync(message, settlement, cancellationToken))
            .ConfigureAwait(false);
    }

    private void ThrowIfNotLocking(ServiceBusReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (ReceiveMode != ServiceBusReceiveMode.PeekLock)
        {
            throw new InvalidOperationException(
                "Only messages received in PeekLock mode have a lock to renew or settle."
            );
        }
    }
}
