using System.Diagnostics;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Telemetry;

/// <summary>
/// A span for storing a message and one for each delivery up to its settlement, below the span that the client's
/// <c>traceparent</c> (or <c>Diagnostic-Id</c>) names. Without a listener there are none, and nothing is read.
/// </summary>
internal static class MessageSpans
{
    private static readonly ActivitySource Source = new(EmulatorTelemetry.Name);

    public static IReadOnlyList<Activity?> Storing(Entity entity, IReadOnlyList<MessageContent> messages) =>
        Source.HasListeners() ? [.. messages.Select(message => Start("store", entity.Name, message))] : [];

    public static Activity? Delivering(MessageQueue queue, Delivery delivery)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var span = Start("deliver", queue.Name, delivery.Message.Content);
        span?.SetTag("messaging.servicebus.message.delivery_count", delivery.DeliveryCount);
        span?.SetTag("messaging.servicebus.sequence_number", delivery.Message.SequenceNumber);
        return span;
    }

    public static void End(IReadOnlyList<Activity?> spans, BrokerError? error)
    {
        foreach (var span in spans)
        {
            End(span, null, error);
        }
    }

    /// <param name="span">The span, if there is one.</param>
    /// <param name="disposition">What the receiver made of the message; null when it made nothing of it.</param>
    /// <param name="error">Why that was refused.</param>
    public static void End(Activity? span, string? disposition, BrokerError? error = null)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag("messaging.servicebus.disposition_status", disposition);
        if (error is not null)
        {
            span.SetTag("error.type", error.Kind.ToString()).SetStatus(ActivityStatusCode.Error, error.Description);
        }

        span.Dispose();
    }

    private static Activity? Start(string operation, string entity, MessageContent content)
    {
        var properties = content.Properties.Application;
        var parent =
            (properties.GetValueOrDefault("traceparent") ?? properties.GetValueOrDefault("Diagnostic-Id")) as string;
        ActivityContext.TryParse(parent, properties.GetValueOrDefault("tracestate") as string, out var context);
        // The span is ended on another thread; on this one it must not become the parent of anything.
        var current = Activity.Current;
        var span = Source.StartActivity($"{operation} {entity}", ActivityKind.Internal, context);
        Activity.Current = current;
        return span
            ?.SetTag("messaging.system", "servicebus")
            .SetTag("messaging.operation.name", operation)
            .SetTag("messaging.destination.name", entity)
            .SetTag("messaging.message.id", content.Properties.MessageId);
    }
}
