using Azure.Messaging.ServiceBus.Diagnostics;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus;

/// <summary>Sends messages to a queue or topic. Safe for use by many threads.</summary>
public class ServiceBusSender : IAsyncDisposable
{
    private readonly ServiceBusClient _client = null!;
    private readonly RetryPolicy _retry = null!;
    private readonly ClientDiagnostics _diagnostics = null!;
    private readonly Reopenable<SendLink> _link = null!;
    private readonly ManagementClient _management = null!;
    private volatile bool _closed;

    /// <summary>Creates a sender that can only be derived from, in tests.</summary>
    protected ServiceBusSender()
    {
        EntityPath = string.Empty;
        Identifier = string.Empty;
    }

    /// <summary>Creates a sender.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="queueOrTopicName">Where it sends to.</param>
    protected internal ServiceBusSender(ServiceBusClient client, string queueOrTopicName)
        : this(client, queueOrTopicName, null) { }

    /// <summary>Creates a sender.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="queueOrTopicName">Where it sends to.</param>
    /// <param name="options">How it sends.</param>
    protected internal ServiceBusSender(
        ServiceBusClient client,
        string queueOrTopicName,
        ServiceBusSenderOptions? options
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        EntityPath = Names.Queue(queueOrTopicName);
        Identifier = Names.Identifier(options?.Identifier, queueOrTopicName);
        _client = client;
        _retry = client.Retry;
        _diagnostics = new ClientDiagnostics(client.FullyQualifiedNamespace, EntityPath);
        _management = new ManagementClient(client.Connection, EntityPath, _retry);
        _link = new(
            cancellationToken => SendLink.OpenAsync(client.Connection, EntityPath, Identifier, cancellationToken),
            link => link.IsOpen,
            link => link.CloseAsync()
        );
    }

    /// <summary>Gets the broker's host.</summary>
    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    /// <summary>Gets where the sender sends to.</summary>
    public virtual string EntityPath { get; }

    /// <summary>Gets the sender's name in diagnostics.</summary>
    public virtual string Identifier { get; }

    /// <summary>Gets whether the sender was closed.</summary>
    public virtual bool IsClosed => _closed;

    /// <summary>Sends a message. When this returns the broker has it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up the wait; the message may arrive all the same.</param>
    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendMessagesAsync([message], cancellationToken);
    }

    /// <summary>Sends messages, all or none.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="cancellationToken">Gives up the wait; the messages may arrive all the same.</param>
    /// <exception cref="ServiceBusException">Among others, when they are too large together.</exception>
    public virtual async Task SendMessagesAsync(
        IEnumerable<ServiceBusMessage> messages,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_closed, this);
        ServiceBusMessage[] sending = [.. messages];
        if (sending.Length == 0)
        {
            return;
        }

        Array.ForEach(sending, _diagnostics.Instrument);
        var encoded = sending.Select(message => BatchEnvelope.Encode(MessageConverter.ToAmqp(message))).ToArray();
        using var activity = _diagnostics.Sending("Send", sending);
        await Observed.RunAsync(activity, () => SendAsync(encoded, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Sends a batch, all of it or nothing.</summary>
    /// <param name="messageBatch">The batch.</param>
    /// <param name="cancellationToken">Gives up the wait; the messages may arrive all the same.</param>
    public virtual async Task SendMessagesAsync(
        ServiceBusMessageBatch messageBatch,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messageBatch);
        ObjectDisposedException.ThrowIf(_closed, this);
        var (encoded, contexts) = messageBatch.Take();
        if (encoded.Count == 0)
        {
            return;
        }

        using var activity = _diagnostics.Sending("Send", contexts, encoded.Count);
        await Observed.RunAsync(activity, () => SendAsync(encoded, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Creates an empty batch as large as the entity takes.</summary>
    /// <param name="cancellationToken">Gives up asking for the limit.</param>
    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
        CancellationToken cancellationToken = default
    ) => CreateMessageBatchAsync(new CreateMessageBatchOptions(), cancellationToken);

    /// <summary>Creates an empty batch.</summary>
    /// <param name="options">How large it may become.</param>
    /// <param name="cancellationToken">Gives up asking for the limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">It shall become larger than the entity takes.</exception>
    public virtual async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
        CreateMessageBatchOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_closed, this);
        var limit = await _retry
            .RunAsync(
                "open a link",
                EntityPath,
                async attempt => (await _link.GetAsync(attempt).ConfigureAwait(false)).MaxMessageSize,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (options.MaxSizeInBytes is { } wanted)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, limit, nameof(options));
        }

        return new ServiceBusMessageBatch(options.MaxSizeInBytes ?? limit, _diagnostics);
    }

    /// <summary>Sends a message that can be received from a time on.</summary>
    /// <param name="message">The message.</param>
    /// <param name="scheduledEnqueueTime">From when on.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The number by which it can be cancelled.</returns>
    public virtual async Task<long> ScheduleMessageAsync(
        ServiceBusMessage message,
        DateTimeOffset scheduledEnqueueTime,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(message);
        var numbers = await ScheduleMessagesAsync([message], scheduledEnqueueTime, cancellationToken)
            .ConfigureAwait(false);
        return numbers[0];
    }

    /// <summary>Sends messages that can be received from a time on.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="scheduledEnqueueTime">From when on.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The numbers by which they can be cancelled.</returns>
    public virtual async Task<IReadOnlyList<long>> ScheduleMessagesAsync(
        IEnumerable<ServiceBusMessage> messages,
        DateTimeOffset scheduledEnqueueTime,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_closed, this);
        ServiceBusMessage[] scheduling = [.. messages];
        if (scheduling.Length == 0)
        {
            return [];
        }

        Array.ForEach(scheduling, _diagnostics.Instrument);
        var encoded = scheduling
            .Select(message => (message, BatchEnvelope.Encode(MessageConverter.ToAmqp(message, scheduledEnqueueTime))))
            .ToArray();
        using var activity = _diagnostics.Sending("Schedule", scheduling);
        return await Observed
            .RunAsync(activity, () => _management.ScheduleAsync(encoded, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Takes back a scheduled message.</summary>
    /// <param name="sequenceNumber">The number that scheduling it returned.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual Task CancelScheduledMessageAsync(
        long sequenceNumber,
        CancellationToken cancellationToken = default
    ) => CancelScheduledMessagesAsync([sequenceNumber], cancellationToken);

    /// <summary>Takes back scheduled messages.</summary>
    /// <param name="sequenceNumbers">The numbers that scheduling them returned.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public virtual async Task CancelScheduledMessagesAsync(
        IEnumerable<long> sequenceNumbers,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        ObjectDisposedException.ThrowIf(_closed, this);
        long[] cancelling = [.. sequenceNumbers];
        if (cancelling.Length == 0)
        {
            return;
        }

        using var activity = _diagnostics.Sending("Cancel", []);
        await Observed
            .RunAsync(activity, () => _management.CancelScheduledAsync(cancelling, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Closes the sender; the client's connection stays open.</summary>
    /// <param name="cancellationToken">Not needed: closing has a limit of its own.</param>
    public virtual async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        await _link.CloseAsync().ConfigureAwait(false);
        await _management.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the sender; the client's connection stays open.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private Task<bool> SendAsync(IReadOnlyList<byte[]> encoded, CancellationToken cancellationToken) =>
        _retry.RunAsync(
            "send",
            EntityPath,
            async attempt =>
            {
                var link = await _link.GetAsync(attempt).ConfigureAwait(false);
                var size = encoded.Sum(message => (long)message.Length);
                if (size > link.MaxMessageSize)
                {
                    throw new ServiceBusException(
                        $"{encoded.Count} message(s) of {size} bytes together are larger than the {link.MaxMessageSize} bytes that one send may have.",
                        ServiceBusFailureReason.MessageSizeExceeded,
                        EntityPath
                    );
                }

                await link.SendAsync(BatchEnvelope.Create(encoded), attempt).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );
}
