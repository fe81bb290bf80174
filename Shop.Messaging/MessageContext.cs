namespace Shop.Messaging;

/// <summary>What the envelope (CloudEvents 1.0) says about a message.</summary>
/// <param name="MessageId">The same for every delivery of the message, and for nothing else.</param>
/// <param name="Type">The CloudEvents type, such as <c>shop.ordering.order-created.v1</c>.</param>
/// <param name="CorrelationId">The id of the aggregate it is about, such as the order's.</param>
/// <param name="Time">When it was written to the sender's outbox.</param>
/// <param name="DeliveryCount">1 for the first delivery.</param>
public sealed record MessageContext(
    string MessageId,
    string Type,
    string? CorrelationId,
    DateTimeOffset Time,
    int DeliveryCount
);
