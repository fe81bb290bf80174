using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>
/// Matches what the broker says of deliveries with who waits for it: only its answer to a disposition tells whether the
/// message was still locked.
/// </summary>
internal sealed class Settlements : IHandler
{
    private readonly ConcurrentDictionary<Message, Waiting> _waiting = new();

    public bool CanHandle(EventId id) => id == EventId.DeliveryStateChanged;

    public void Handle(Event protocolEvent)
    {
        if (
            protocolEvent is { Link: ReceiverLink, Context: IDelivery { Message: { } message } delivery }
            && _waiting.TryRemove(message, out var waiting)
        )
        {
            waiting.Answer.TrySetResult(delivery.State);
        }
    }

    /// <summary>Tells the broker what became of a message, and waits for what it makes of that.</summary>
    public async Task<DeliveryState?> SettleAsync(
        ReceiverLink link,
        Message message,
        DeliveryState state,
        CancellationToken cancellationToken
    )
    {
        var answer = new TaskCompletionSource<DeliveryState?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[message] = new(link, answer);
        try
        {
            if (link.IsClosed)
            {
                throw Links.Closed(link.Error);
            }

            AmqpInternals.SendUnsettledDisposition(message, link.Session, state);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(message, out _);
        }
    }

    /// <summary>Ends the waits for a link that is gone.</summary>
    public void OnClosed(Link link, Error? error)
    {
        foreach (var waiting in _waiting.Values.Where(waiting => waiting.Link == link))
        {
            waiting.Answer.TrySetException(Links.Closed(error));
        }
    }

    private sealed record Waiting(Link Link, TaskCompletionSource<DeliveryState?> Answer);
}
