using Amqp;
using Amqp.Framing;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// Encodes a message for a receiver: the sender's bytes with the broker's own header and annotations in front, and with
/// application properties that were changed here.
/// </summary>
internal static class WireMessageWriter
{
    public static ByteBuffer Write(Delivery delivery)
    {
        var message = delivery.Message;
        var encoded = message.Content.Encoded;
        var sections = WireSections.Find(encoded.Span);
        var sent = WireMessageReader.DecodeUpToBody(encoded);
        var buffer = new ByteBuffer(encoded.Length + 256, true);

        var header = sent.Header ?? new Header();
        header.Durable = true;
        header.DeliveryCount = (uint)delivery.DeliveryCount;
        header.Encode(buffer);
        Annotate(sent.MessageAnnotations ?? new MessageAnnotations(), delivery).Encode(buffer);

        if (sent.Properties is { } properties && WireMessageReader.LifeOf(properties) is { } life)
        {
            // The SDKs read from these when a message expires, and life starts with the arrival in this queue.
            var arrived = message.EnqueuedAt.UtcDateTime;
            properties.CreationTime = arrived;
            properties.AbsoluteExpiryTime = life < DateTime.MaxValue - arrived ? arrived + life : DateTime.MaxValue;
            properties.Encode(buffer);
        }
        else
        {
            foreach (var section in sections)
            {
                if (section.Code == SectionCode.Properties)
                {
                    Copy(encoded.Span[section.Start..section.End], buffer);
                }
            }
        }

        if (message.ChangedProperties.Count > 0)
        {
            var changed = sent.ApplicationProperties ?? new ApplicationProperties();
            foreach (var (name, value) in message.ChangedProperties)
            {
                changed[name] = WireValues.Write(value);
            }

            changed.Encode(buffer);
        }

        foreach (var section in sections)
        {
            if (
                section.Code >= SectionCode.Data
                || (section.Code == SectionCode.ApplicationProperties && message.ChangedProperties.Count == 0)
            )
            {
                Copy(encoded.Span[section.Start..section.End], buffer);
            }
        }

        return buffer;
    }

    /// <summary>The same message with an id.</summary>
    public static ReadOnlyMemory<byte> WithMessageId(ReadOnlyMemory<byte> encoded, string messageId)
    {
        var front = WireMessageReader.DecodeUpToBody(encoded);
        front.Properties ??= new global::Amqp.Framing.Properties();
        front.Properties.MessageId = messageId;
        return WithFront(encoded, front);
    }

    /// <summary>The same message with what a rule's action has made of its properties.</summary>
    public static ReadOnlyMemory<byte> WithProperties(ReadOnlyMemory<byte> encoded, MessageProperties properties)
    {
        var front = WireMessageReader.DecodeUpToBody(encoded);
        var own = front.Properties ??= new global::Amqp.Framing.Properties();
        own.To = properties.To;
        own.Subject = properties.Subject;
        own.ReplyTo = properties.ReplyTo;
        own.ContentType = properties.ContentType;
        own.GroupId = properties.SessionId;
        own.ReplyToGroupId = properties.ReplyToSessionId;
        if (properties.CorrelationId != WireMessageReader.Text(own.GetCorrelationId()))
        {
            own.CorrelationId = properties.CorrelationId;
        }

        front.ApplicationProperties = null;
        if (properties.Application.Count > 0)
        {
            front.ApplicationProperties = new ApplicationProperties();
            foreach (var (name, value) in properties.Application)
            {
                front.ApplicationProperties[name] = WireValues.Write(value);
            }
        }

        return WithFront(encoded, front);
    }

    private static ReadOnlyMemory<byte> WithFront(ReadOnlyMemory<byte> encoded, Message front)
    {
        var buffer = new ByteBuffer(encoded.Length + 64, true);
        front.Header?.Encode(buffer);
        front.MessageAnnotations?.Encode(buffer);
        front.Properties?.Encode(buffer);
        front.ApplicationProperties?.Encode(buffer);
        foreach (var section in WireSections.Find(encoded.Span))
        {
            if (section.Code >= SectionCode.Data)
            {
                Copy(encoded.Span[section.Start..section.End], buffer);
            }
        }

        return buffer.Buffer.AsMemory(buffer.Offset, buffer.Length);
    }

    private static MessageAnnotations Annotate(MessageAnnotations annotations, Delivery delivery)
    {
        var message = delivery.Message;
        annotations.Map[Annotations.SequenceNumber] = message.SequenceNumber;
        annotations.Map[Annotations.EnqueueSequenceNumber] = message.SequenceNumber;
        annotations.Map[Annotations.EnqueuedTime] = message.EnqueuedAt.UtcDateTime;
        annotations.Map[Annotations.MessageState] = (int)message.State;
        if (delivery.LockToken != Guid.Empty)
        {
            annotations.Map[Annotations.LockedUntil] = delivery.LockedUntil.UtcDateTime;
        }

        if (message.DeadLetterSource is { } source)
        {
            annotations.Map[Annotations.DeadLetterSource] = source;
        }

        return annotations;
    }

    private static void Copy(ReadOnlySpan<byte> bytes, ByteBuffer buffer)
    {
        buffer.ValidateWrite(bytes.Length);
        bytes.CopyTo(buffer.Buffer.AsSpan(buffer.WritePos));
        buffer.Append(bytes.Length);
    }
}
