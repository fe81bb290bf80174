using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shop.Messaging;

/// <summary>W3C Trace Context as a message carries it.</summary>
internal readonly record struct TraceHeaders(string? Parent, string? State);

/// <summary>Spans and metrics of messaging, named after OpenTelemetry's conventions where it has any.</summary>
internal static class MessagingTelemetry
{
    public const string Name = "Shop.Messaging";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);

    /// <summary>Messages sent from outboxes, by destination.</summary>
    public static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "shop.outbox.sent",
        "{message}",
        "Messages that a relay has sent."
    );

    /// <summary>Messages that could not be sent and wait for another try, by destination.</summary>
    public static readonly Counter<long> SendFailures = Meter.CreateCounter<long>(
        "shop.outbox.failures",
        "{message}",
        "Messages that could not be sent and stay in the outbox."
    );

    /// <summary>Deliveries by type and outcome: handled, duplicate, retried, dead-lettered.</summary>
    public static readonly Counter<long> Processed = Meter.CreateCounter<long>(
        "shop.inbox.processed",
        "{message}",
        "Deliveries by outcome."
    );

    /// <summary>
    /// The span of sending a message. It is a child of the span that added the message to the outbox, however long ago.
    /// </summary>
    public static Activity? StartSend(string system, OutboxMessage message)
    {
        ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var parent);
        var span = Source.StartActivity($"send {message.Type}", ActivityKind.Producer, parent);
        return Describe(
            span,
            system,
            "send",
            message.Destination,
            message.Type,
            message.Id.ToString(),
            message.CorrelationId
        );
    }

    /// <summary>The span of one delivery of a message, a child of the span that sent it.</summary>
    public static Activity? StartProcess(string system, string queue, MessageContext message, TraceHeaders trace)
    {
        ActivityContext.TryParse(trace.Parent, trace.State, isRemote: true, out var parent);
        var span = Source.StartActivity($"process {message.Type}", ActivityKind.Consumer, parent);
        return Describe(span, system, "process", queue, message.Type, message.MessageId, message.CorrelationId)
            ?.SetTag("messaging.servicebus.message.delivery_count", message.DeliveryCount);
    }

    /// <summary>Says on the current span, that of the delivery, what became of the message.</summary>
    public static void SetOutcome(Settlement settlement) =>
        Activity.Current?.SetTag("shop.outcome", settlement.Outcome);

    private static Activity? Describe(
        Activity? span,
        string system,
        string operation,
        string destination,
        string type,
        string messageId,
        string? correlationId
    ) =>
        span
            ?.SetTag("messaging.system", system)
            .SetTag("messaging.operation.type", operation)
            .SetTag("messaging.operation.name", operation)
            .SetTag("messaging.destination.name", destination)
            .SetTag("messaging.message.id", messageId)
            .SetTag("messaging.message.conversation_id", correlationId)
            .SetTag("shop.message.type", type);
}
