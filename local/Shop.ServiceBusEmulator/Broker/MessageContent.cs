namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Reads the properties out of a message as it came over the wire.</summary>
internal interface IMessageReader
{
    MessageProperties Read(ReadOnlyMemory<byte> encoded);
}

/// <summary>A message as its sender encoded it. Immutable, and shared by all queues that hold a copy.</summary>
/// <remarks>Properties are read on first use: a million recovered messages need not be parsed to be kept.</remarks>
internal sealed class MessageContent(ReadOnlyMemory<byte> encoded, IMessageReader reader)
{
    private MessageProperties? properties;

    public ReadOnlyMemory<byte> Encoded { get; } = encoded;

    public MessageProperties Properties => properties ??= reader.Read(Encoded);
}
