using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Messaging.ServiceBus;

namespace Shop.Messaging;

/// <summary>Sends rows of one destination, in their order, in as few batches as they fit in.</summary>
internal sealed class ServiceBusOutboxSender(ServiceBusClient client, ITransport transport)
    : IOutboxSender,
        IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    public async Task SendAsync(
        string destination,
        string source,
        IReadOnlyList<OutboxMessage> messages,
        List<Guid> sent,
        CancellationToken cancellationToken
    )
    {
        var sender = _senders.GetOrAdd(destination, client.CreateSender);
        var next = 0;
        while (next < messages.Count)
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            var spans = new List<Activity>();
            try
            {
                var first = next;
                while (next < messages.Count && TryAdd(batch, messages[next], source, spans))
                {
                    next++;
                }

                if (next == first)
                {
                    throw new InvalidOperationException(
                        $"Message {messages[next].Id} of type {messages[next].Type} is larger than {destination} takes."
                    );
                }

                await sender.SendMessagesAsync(batch, cancellationToken);
                sent.AddRange(messages.Skip(first).Take(next - first).Select(message => message.Id));
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
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders.Values)
        {
            await sender.DisposeAsync();
        }
    }

    private bool TryAdd(ServiceBusMessageBatch batch, OutboxMessage message, string source, List<Activity> spans)
    {
        var span = MessagingTelemetry.StartSend(transport.System, message);
        // It ends when the batch is sent; until then it must not become the parent of the next.
        Activity.Current = null;
        if (!batch.TryAddMessage(Envelope.Write(message, source, span)))
        {
            return false;
        }

        if (span is not null)
        {
            spans.Add(span);
        }

        return true;
    }
}
