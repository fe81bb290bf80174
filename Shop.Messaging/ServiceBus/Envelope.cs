using System.Diagnostics;
using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace Shop.Messaging;

/// <summary>
/// CloudEvents 1.0 on Service Bus, in the binary mode of its AMQP binding: the attributes are application properties, the body
/// is the data.
/// </summary>
internal static class Envelope
{
    private const string Prefix = "cloudEvents:";
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    // What the Azure SDKs call the traceparent; they leave a message alone that has it.
    private const string DiagnosticId = "Diagnostic-Id";

    public static ServiceBusMessage Write(OutboxMessage message, string source, Activity? span)
    {
        var id = message.Id.ToString();
        var envelope = new ServiceBusMessage(message.Body)
        {
            MessageId = id,
            CorrelationId = message.CorrelationId,
            Subject = message.Type,
            ContentType = "application/json",
            ApplicationProperties =
            {
                [Prefix + "specversion"] = "1.0",
                [Prefix + "type"] = message.Type,
                [Prefix + "source"] = source,
                [Prefix + "id"] = id,
                [Prefix + "time"] = message.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            },
        };
        if (message.DeliverAt is { } deliverAt)
        {
            envelope.ScheduledEnqueueTime = deliverAt;
        }

        WriteTrace(
            envelope.ApplicationProperties,
            span?.Id ?? message.TraceParent,
            span?.TraceStateString ?? message.TraceState
        );
        return envelope;
    }

    public static MessageContext Read(ServiceBusReceivedMessage message) =>
        new(
            message.MessageId ?? "",
            Property(message, Prefix + "type") ?? message.Subject ?? "",
            message.CorrelationId,
            DateTimeOffset.TryParse(
                Property(message, Prefix + "time"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out var time
            )
                ? time
                : message.EnqueuedTime,
            message.DeliveryCount
        );

    public static TraceHeaders ReadTrace(ServiceBusReceivedMessage message) =>
        new(Property(message, TraceParent) ?? Property(message, DiagnosticId), Property(message, TraceState));

    private static void WriteTrace(IDictionary<string, object> properties, string? traceParent, string? traceState)
    {
        if (traceParent is null)
        {
            return;
        }

        properties[TraceParent] = traceParent;
        properties[DiagnosticId] = traceParent;
        if (!string.IsNullOrEmpty(traceState))
        {
            properties[TraceState] = traceState;
        }
    }

    private static string? Property(ServiceBusReceivedMessage message, string name) =>
        message.ApplicationProperties.TryGetValue(name, out var value) ? value as string : null;
}
