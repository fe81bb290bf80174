using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Messages of the API as AMQP messages, and back, with the annotations that Service Bus gives meaning to.</summary>
internal static class MessageConverter
{
    private static readonly Symbol ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";
    private static readonly Symbol PartitionKey = "x-opt-partition-key";
    private static readonly Symbol ViaPartitionKey = "x-opt-via-partition-key";
    private static readonly Symbol SequenceNumber = "x-opt-sequence-number";
    private static readonly Symbol EnqueuedTime = "x-opt-enqueued-time";
    private static readonly Symbol EnqueuedSequenceNumber = "x-opt-enqueue-sequence-number";
    private static readonly Symbol LockedUntil = "x-opt-locked-until";
    private static readonly Symbol DeadLetterSource = "x-opt-deadletter-source";
    private static readonly Symbol State = "x-opt-message-state";

    public static Message ToAmqp(ServiceBusMessage message, DateTimeOffset? scheduledFor = null)
    {
        var amqp = new Message
        {
            Properties = ToProperties(message),
            BodySection = new Data { Binary = message.Body.ToArray() },
        };
        if (message.TimeToLive != TimeSpan.MaxValue)
        {
            amqp.Header = new Header { Ttl = (uint)Math.Min(message.TimeToLive.TotalMilliseconds, uint.MaxValue) };
        }

        Annotate(amqp, PartitionKey, message.PartitionKey);
        Annotate(amqp, ViaPartitionKey, message.TransactionPartitionKey);
        var enqueueTime = scheduledFor ?? message.ScheduledEnqueueTime;
        if (enqueueTime > DateTimeOffset.MinValue)
        {
            Annotate(amqp, ScheduledEnqueueTime, enqueueTime.UtcDateTime);
        }

        foreach (var (name, value) in message.ApplicationProperties)
        {
            (amqp.ApplicationProperties ??= new ApplicationProperties())[name] = AmqpValues.ToAmqp(value);
        }

        return amqp;
    }

    public static ServiceBusReceivedMessage FromAmqp(byte[] encoded, Guid lockToken, bool peeked) =>
        FromAmqp(Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length)), lockToken, peeked, null);

    public static ServiceBusReceivedMessage FromAmqp(Message message, Guid lockToken, bool peeked, Arrival? arrival)
    {
        var properties = message.Properties;
        var annotations = message.MessageAnnotations;
        var deliveryCount = message.Header is { } header && header.HasField(4) ? (int)header.DeliveryCount : 0;
        return new ServiceBusReceivedMessage(Body(message), OwnProperties(message))
        {
            MessageId = properties?.GetMessageId()?.ToString(),
            CorrelationId = properties?.GetCorrelationId()?.ToString(),
            Subject = properties?.Subject,
            To = properties?.To,
            ReplyTo = properties?.ReplyTo,
            ContentType = properties?.ContentType?.ToString(),
            SessionId = properties?.GroupId,
            ReplyToSessionId = properties?.ReplyToGroupId,
            TimeToLive =
                message.Header is { } ttl && ttl.HasField(2) ? TimeSpan.FromMilliseconds(ttl.Ttl) : TimeSpan.MaxValue,
            PartitionKey = annotations?[PartitionKey] as string,
            TransactionPartitionKey = annotations?[ViaPartitionKey] as string,
            ScheduledEnqueueTime = Time(annotations, ScheduledEnqueueTime),
            SequenceNumber = annotations?[SequenceNumber] as long? ?? -1,
            EnqueuedTime = Time(annotations, EnqueuedTime),
            EnqueuedSequenceNumber = annotations?[EnqueuedSequenceNumber] as long? ?? 0,
            LockedUntil = Time(annotations, LockedUntil),
            DeadLetterSource = annotations?[DeadLetterSource] as string,
            State = annotations?[State] is int state ? (ServiceBusMessageState)state : ServiceBusMessageState.Active,
            // The header counts the deliveries before this one; looking is not a delivery.
            DeliveryCount = peeked ? deliveryCount : deliveryCount + 1,
            LockTokenGuid = lockToken,
            Arrival = arrival,
        };
    }

    private static Properties ToProperties(ServiceBusMessage message)
    {
        var properties = new Properties();
        if (message.MessageId is { } messageId)
        {
            properties.MessageId = messageId;
        }

        if (message.CorrelationId is { } correlationId)
        {
            properties.CorrelationId = correlationId;
        }

        properties.Subject = message.Subject;
        properties.To = message.To;
        properties.ReplyTo = message.ReplyTo;
        properties.ContentType = message.ContentType;
        properties.GroupId = message.SessionId;
        properties.ReplyToGroupId = message.ReplyToSessionId;
        return properties;
    }

    private static void Annotate(Message message, Symbol name, object? value)
    {
        if (value is not null)
        {
            (message.MessageAnnotations ??= new MessageAnnotations())[name] = value;
        }
    }

    private static DateTimeOffset Time(MessageAnnotations? annotations, Symbol name) =>
        annotations?[name] is DateTime time
            ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))
            : default;

    private static Dictionary<string, object> OwnProperties(Message message)
    {
        var own = new Dictionary<string, object>();
        if (message.ApplicationProperties is { } properties)
        {
            foreach (var (name, value) in properties.Map)
            {
                own[(string)name] = AmqpValues.FromAmqp(value);
            }
        }

        return own;
    }

    private static BinaryData? Body(Message message) =>
        message.Body switch
        {
            byte[] bytes => new BinaryData(bytes),
            Data[] parts => new BinaryData(parts.SelectMany(part => part.Binary).ToArray()),
            null => new BinaryData(ReadOnlyMemory<byte>.Empty),
            _ => null,
        };
}
