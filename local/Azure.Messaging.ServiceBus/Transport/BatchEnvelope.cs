using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Many messages in one transfer: Service Bus' batch format, each message encoded in a data section.</summary>
internal static class BatchEnvelope
{
    private const uint BatchFormat = 0x80013700;

    /// <summary>What the envelope itself may take.</summary>
    public const int Overhead = 512;

    /// <summary>What a message takes beside its own bytes.</summary>
    public const int PerMessage = 8;

    public static byte[] Encode(Message message)
    {
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    /// <summary>Makes a message to send. It can be sent once, so every attempt makes its own.</summary>
    public static Message Create(IReadOnlyList<byte[]> encoded)
    {
        var first = Message.Decode(new ByteBuffer(encoded[0], 0, encoded[0].Length, encoded[0].Length));
        if (encoded.Count == 1)
        {
            return first;
        }

        var sections = new DataList();
        foreach (var message in encoded)
        {
            sections.Add(new Data { Binary = message });
        }

        return new Message
        {
            Format = BatchFormat,
            // The broker routes a batch as a whole, by its first message.
            Properties = Routing(first.Properties),
            MessageAnnotations = Routing(first.MessageAnnotations),
            BodySection = sections,
        };
    }

    private static Properties? Routing(Properties? first) =>
        first is null ? null : new Properties { MessageId = first.MessageId, GroupId = first.GroupId };

    private static MessageAnnotations? Routing(MessageAnnotations? first)
    {
        Symbol partitionKey = "x-opt-partition-key";
        return first?[partitionKey] is { } key ? new MessageAnnotations { [partitionKey] = key } : null;
    }
}
