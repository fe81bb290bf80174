using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>One attached sending link.</summary>
internal sealed class SendLink
{
    // Where the broker names no limit: that of Service Bus' standard tier, times four.
    private const long DefaultMaxMessageSize = 1024 * 1024;

    private readonly SenderLink _link;

    private SendLink(SenderLink link, ulong maxMessageSize)
    {
        _link = link;
        MaxMessageSize = maxMessageSize is 0 or > long.MaxValue ? DefaultMaxMessageSize : (long)maxMessageSize;
    }

    public bool IsOpen => !_link.IsClosed;

    /// <summary>How large a message or batch may be, in bytes.</summary>
    public long MaxMessageSize { get; }

    public static async Task<SendLink> OpenAsync(
        BrokerConnection connection,
        string entityPath,
        string identifier,
        CancellationToken cancellationToken
    )
    {
        var (session, _) = await connection.OpenSessionAsync(entityPath, cancellationToken).ConfigureAwait(false);
        var (link, answer) = await Links
            .AttachAsync(
                onAttached => new SenderLink(
                    session,
                    $"{identifier}-{Guid.NewGuid():N}",
                    new Attach
                    {
                        Source = new Source { Address = identifier },
                        Target = new Target { Address = entityPath },
                        SndSettleMode = SenderSettleMode.Unsettled,
                    },
                    onAttached
                ),
                cancellationToken
            )
            .ConfigureAwait(false);
        return new SendLink(link, answer.MaxMessageSize);
    }

    /// <summary>Sends a message and waits until the broker has it.</summary>
    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _link.Send(message, null, OnOutcome, outcome);
        try
        {
            switch (await outcome.Task.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                case Accepted:
                    return;
                case Rejected rejected:
                    throw Links.Closed(rejected.Error);
                default:
                    throw Links.Closed(_link.Error);
            }
        }
        catch (OperationCanceledException)
        {
            if (!_link.IsClosed)
            {
                _link.Cancel(message);
            }

            throw;
        }
    }

    public Task CloseAsync() => Links.CloseAsync(_link);

    private static void OnOutcome(ILink link, Message message, Outcome outcome, object state) =>
        ((TaskCompletionSource<Outcome>)state).TrySetResult(outcome);
}
