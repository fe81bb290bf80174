using System.Diagnostics;

namespace Shop.Messaging;

/// <summary>
/// Puts a relay's rows into the queues: a command into that of the context it is for, an event into that of every context
/// that handles it. A row counts as sent when all of them have it; a crash before that has them get it again, with the same id.
/// </summary>
internal sealed class InProcessSender(IEnumerable<MessageQueue> queues, ITransport transport) : IOutboxSender
{
    private readonly Dictionary<string, MessageQueue> _queues = queues.ToDictionary(
        queue => queue.Name,
        StringComparer.Ordinal
    );

    public async Task SendAsync(
        string destination,
        string source,
        IReadOnlyList<OutboxMessage> messages,
        List<Guid> sent,
        CancellationToken cancellationToken
    )
    {
        var spans = new List<Activity>();
        try
        {
            var deliveries = messages
                .Select(message => (Message: Envelop(message, spans), Queues: QueuesOf(destination, message.Type)))
                .SelectMany(delivery => delivery.Queues.Select(queue => (Queue: queue, delivery.Message)))
                .GroupBy(delivery => delivery.Queue, delivery => delivery.Message);
            await Task.WhenAll(deliveries.Select(group => group.Key.PutAsync([.. group], cancellationToken)));
            sent.AddRange(messages.Select(message => message.Id));
        }
        catch (Exception exception)
        {
            spans.ForEach(span => span.SetStatus(ActivityStatusCode.Error, exception.Message));
            throw;
        }
        finally
        {
            spans.ForEach(span => span.Dispose());
        }
    }

    private IEnumerable<MessageQueue> QueuesOf(string destination, string type) =>
        _queues.TryGetValue(destination, out var queue)
            ? [queue]
            : _queues.Values.Where(candidate => candidate.Handles(type));

    private QueuedMessage Envelop(OutboxMessage message, List<Activity> spans)
    {
        var span = MessagingTelemetry.StartSend(transport.System, message);
        // It ends when all are sent; until then it must not become the parent of the next.
        Activity.Current = null;
        if (span is not null)
        {
            spans.Add(span);
        }

        return new QueuedMessage(
            message.Id,
            message.Type,
            message.Body,
            message.CorrelationId,
            span is null
                ? new TraceHeaders(message.TraceParent, message.TraceState)
                : new TraceHeaders(span.Id, span.TraceStateString),
            message.CreatedAt,
            Deliveries: 0
        )
        {
            DeliverAt = message.DeliverAt,
        };
    }
}
