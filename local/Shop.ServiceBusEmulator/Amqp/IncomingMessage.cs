using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>A received message that is kept as it came.</summary>
internal sealed class IncomingMessage(ByteBuffer buffer) : Message
{
    public ReadOnlyMemory<byte> Encoded { get; } = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();

    /// <summary>The whole message decoded, for requests.</summary>
    /// <exception cref="InvalidDataException">The bytes are no AMQP message, or one that is nested too deep.</exception>
    public Message Decode()
    {
        WireSections.Find(Encoded.Span).ForEach(section => WireDepth.Check(Encoded.Span, section));
        var bytes = Encoded.ToArray();
        return Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length));
    }
}
