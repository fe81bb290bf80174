namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Reads, and replaces, the properties of a message as it came over the wire.</summary>
internal interface IMessageReader
{
    MessageProperties Read(ReadOnlyMemory<byte> encoded);

    /// <summary>The same message with these properties instead of its own.</summary>
    ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> encoded, MessageProperties properties);
}

/// <summary>A message as its sender encoded it. Immutable, and shared by all queues that hold a copy.</summary>
/// <remarks>Properties are read on first use: a million recovered messages need not be parsed to be kept.</remarks>
internal sealed class MessageContent(ReadOnlyMemory<byte> encoded, IMessageReader reader)
{
    private MessageProperties? properties;

    public ReadOnlyMemory<byte> Encoded { get; } = encoded;

    public MessageProperties Properties => properties ??= reader.Read(Encoded);

    public MessageContent With(MessageProperties changed) => new(reader.Rewrite(Encoded, changed), reader);
}
