using System.Threading.Channels;
using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>
/// One attached receiving link. The broker pushes as many messages as it was given credit for; they wait in
/// <see cref="Messages"/>, which ends with the reason when the link does.
/// </summary>
internal sealed class ReceiveLink
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    // Messages that are deleted when they are sent are lost with a link that ends while they are on their way.
    private static readonly TimeSpan DeletingDrainTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<ServiceBusReceivedMessage> _messages =
        Channel.CreateUnbounded<ServiceBusReceivedMessage>();
    private readonly Lock _crediting = new();
    private readonly Settlements _settlements;
    private readonly bool _locks;
    private ReceiverLink _link = null!;
    private int _credit;

    private ReceiveLink(Settlements settlements, bool locks)
    {
        _settlements = settlements;
        _locks = locks;
    }

    public ChannelReader<ServiceBusReceivedMessage> Messages => _messages.Reader;

    public bool IsOpen => !_link.IsClosed;

    public string Name => _link.Name;

    /// <summary>The session that the link reads, if it reads one.</summary>
    public SessionLock? Session { get; private set; }

    /// <summary>How many messages the broker may still send.</summary>
    public int Credit => Volatile.Read(ref _credit);

    public static async Task<ReceiveLink> OpenAsync(
        BrokerConnection connection,
        string entityPath,
        ServiceBusReceiveMode mode,
        string identifier,
        CancellationToken cancellationToken,
        SessionRequest? sessionRequest = null
    )
    {
        var (session, settlements) = await connection
            .OpenSessionAsync(entityPath, cancellationToken)
            .ConfigureAwait(false);
        var locks = mode == ServiceBusReceiveMode.PeekLock;
        var receiving = new ReceiveLink(settlements, locks);
        var attach = new Attach
        {
            Source = new Source { Address = entityPath },
            Target = new Target { Address = identifier },
            SndSettleMode = locks ? SenderSettleMode.Unsettled : SenderSettleMode.Settled,
            RcvSettleMode = locks ? ReceiverSettleMode.Second : ReceiverSettleMode.First,
        };
        sessionRequest?.AddTo(attach);
        (receiving._link, var answer) = await Links
            .AttachAsync(
                onAttached => new ReceiverLink(session, $"{identifier}-{Guid.NewGuid():N}", attach, onAttached),
                cancellationToken
            )
            .ConfigureAwait(false);
        receiving.Session = sessionRequest is null ? null : SessionLock.From(answer);
        receiving._link.Start(0, receiving.OnMessage);
        receiving._link.AddClosedCallback(receiving.OnClosed);
        return receiving;
    }

    /// <summary>Lets the broker send more messages.</summary>
    public void AddCredit(int count)
    {
        if (count <= 0 || _link.IsClosed)
        {
            return;
        }

        lock (_crediting)
        {
            _credit += count;
            _link.SetCredit(count, CreditMode.Manual);
        }
    }

    /// <summary>Takes back the credit that is left. What the broker had sent by then is in <see cref="Messages"/>.</summary>
    public async Task DrainAsync()
    {
        if (!await TryDrainAsync().ConfigureAwait(false))
        {
            // With a broker that does not drain, only the end of the link takes the credit back.
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Tells the broker what became of a message.</summary>
    /// <returns>Its objection, or null.</returns>
    public async Task<Error?> SettleAsync(Message message, DeliveryState state, CancellationToken cancellationToken)
    {
        var answer = await _settlements.SettleAsync(_link, message, state, cancellationToken).ConfigureAwait(false);
        // A dead letter is rejected by the receiver, and the broker agrees in the same words.
        return answer is Rejected { Error: { } error } && error.Condition?.ToString() != DeadLettering.Condition
            ? error
            : null;
    }

    /// <summary>Gives what was received and nobody took back to the entity, at once and uncounted.</summary>
    public async Task ReleaseAsync()
    {
        if (!_locks)
        {
            return;
        }

        using var limit = new CancellationTokenSource(ReleaseTimeout);
        while (_messages.Reader.TryRead(out var message))
        {
            try
            {
                await SettleAsync(message.Arrival!.Message, new Released(), limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is AmqpException or OperationCanceledException)
            {
                // The link is gone; the locks end by themselves.
                return;
            }
        }
    }

    /// <summary>Closes the link and gives back what nobody took.</summary>
    public async Task CloseAsync()
    {
        // First the credit: what is given back would come by this link again.
        await TryDrainAsync().ConfigureAwait(false);
        await EndAsync().ConfigureAwait(false);
    }

    private async Task<bool> TryDrainAsync()
    {
        lock (_crediting)
        {
            if (_credit == 0 || _link.IsClosed)
            {
                return true;
            }

            _link.SetCredit(_credit, CreditMode.Drain);
        }

        // There is no callback for a flow; the answer takes one round trip, so this looks a few times at most.
        var deadline = TimeProvider.System.GetUtcNow() + (_locks ? DrainTimeout : DeletingDrainTimeout);
        for (var pause = 1; AmqpInternals.Credit(_link) > 0 && !_link.IsClosed; pause = Math.Min(pause * 2, 50))
        {
            if (TimeProvider.System.GetUtcNow() > deadline)
            {
                return false;
            }

            await Task.Delay(pause).ConfigureAwait(false);
        }

        lock (_crediting)
        {
            _credit = 0;
        }

        return true;
    }

    private async Task EndAsync()
    {
        _messages.Writer.TryComplete();
        await ReleaseAsync().ConfigureAwait(false);
        await Links.CloseAsync(_link).ConfigureAwait(false);
    }

    private void OnMessage(IReceiverLink link, Message message)
    {
        lock (_crediting)
        {
            _credit--;
        }

        if (!_locks)
        {
            link.Accept(message);
        }

        var received = MessageConverter.FromAmqp(
            message,
            message.DeliveryTag is { Length: 16 } tag ? new Guid(tag) : Guid.Empty,
            peeked: false,
            new Arrival(this, message)
        );
        if (!_messages.Writer.TryWrite(received) && _locks)
        {
            ((ReceiverLink)link).Complete(message, new Released());
        }
    }

    private void OnClosed(IAmqpObject link, Error? error)
    {
        _settlements.OnClosed(_link, error);
        _messages.Writer.TryComplete(Links.Closed(error));
    }
}
