using System.Globalization;
using Amqp;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Reads and replaces the properties of a message in AMQP's encoding; the body is never decoded.</summary>
internal sealed class WireMessageReader : IMessageReader
{
    public static readonly WireMessageReader Instance = new();

    public MessageProperties Read(ReadOnlyMemory<byte> encoded)
    {
        foreach (var section in WireSections.Find(encoded.Span).Where(section => section.Code < SectionCode.Data))
        {
            WireDepth.Check(encoded.Span, section);
        }

        var message = DecodeUpToBody(encoded);
        var properties = message.Properties;
        return new MessageProperties
        {
            MessageId = Text(properties?.GetMessageId()),
            CorrelationId = Text(properties?.GetCorrelationId()),
            To = properties?.To,
            ReplyTo = properties?.ReplyTo,
            Subject = properties?.Subject,
            ContentType = properties?.ContentType,
            SessionId = properties?.GroupId,
            ReplyToSessionId = properties?.ReplyToGroupId,
            TimeToLive = TimeToLive(message),
            ScheduledEnqueueTime = Scheduled(message),
            Application =
                message.ApplicationProperties?.Map.ToDictionary(
                    pair => (string)pair.Key,
                    pair => WireValues.Read(pair.Value)
                )
                ?? MessageProperties.NoProperties,
        };
    }

    public ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> encoded, MessageProperties properties) =>
        WireMessageWriter.WithProperties(encoded, properties);

    /// <summary>Everything in front of the body.</summary>
    public static Message DecodeUpToBody(ReadOnlyMemory<byte> encoded)
    {
        var end = WireSections
            .Find(encoded.Span)
            .Where(section => section.Code < SectionCode.Data)
            .Select(section => section.End)
            .LastOrDefault();
        return Message.Decode(new ByteBuffer(encoded[..end].ToArray(), 0, end, end));
    }

    private static TimeSpan? TimeToLive(Message message)
    {
        // 0 means "not set" to the SDKs, and a ttl that does not fit its 32 bits travels as absolute expiry.
        if (message.Header?.Ttl is > 0 and < uint.MaxValue)
        {
            return TimeSpan.FromMilliseconds(message.Header.Ttl);
        }

        return message.Properties is { } properties ? LifeOf(properties) : null;
    }

    /// <summary>How long a message is to live by its absolute times; null when it has none.</summary>
    public static TimeSpan? LifeOf(global::Amqp.Framing.Properties properties)
    {
        var (created, expires) = (properties.CreationTime, properties.AbsoluteExpiryTime);
        return expires > created && created > DateTime.UnixEpoch ? expires - created : null;
    }

    private static DateTimeOffset? Scheduled(Message message) =>
        message.MessageAnnotations?.Map[Annotations.ScheduledEnqueueTime] is DateTime due
            ? new DateTimeOffset(DateTime.SpecifyKind(due, DateTimeKind.Utc))
            : null;

    public static string? Text(object? id) => id is null ? null : Convert.ToString(id, CultureInfo.InvariantCulture);
}
