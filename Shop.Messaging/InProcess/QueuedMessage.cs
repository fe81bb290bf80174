using System.Text;

namespace Shop.Messaging;

/// <summary>A message in a context's queue.</summary>
/// <param name="Id">The id that it had in the sender's outbox.</param>
/// <param name="Type">The CloudEvents type.</param>
/// <param name="Body">JSON.</param>
/// <param name="CorrelationId">The id of the aggregate it is about.</param>
/// <param name="Trace">The span that sent it.</param>
/// <param name="CreatedAt">When it was written to the sender's outbox.</param>
/// <param name="Deliveries">1 for the first delivery.</param>
internal sealed record QueuedMessage(
    Guid Id,
    string Type,
    string Body,
    string CorrelationId,
    TraceHeaders Trace,
    DateTimeOffset CreatedAt,
    int Deliveries
)
{
    /// <summary>When it is to be delivered; at once if not given.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    public MessageContext Context => new(Id.ToString(), Type, CorrelationId, CreatedAt, Deliveries);

    public ReadOnlyMemory<byte> Utf8Body => Encoding.UTF8.GetBytes(Body);
}
