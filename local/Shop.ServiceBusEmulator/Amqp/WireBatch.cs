using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Turns a transfer into the messages in it.</summary>
internal static class WireBatch
{
    /// <summary>Service Bus' format for many messages in one: each data section is an encoded message.</summary>
    public const uint BatchFormat = 0x80013700;

    /// <exception cref="InvalidDataException">The bytes are no AMQP message.</exception>
    public static IReadOnlyList<MessageContent> Read(IncomingMessage transfer)
    {
        var sections = WireSections.Find(transfer.Encoded.Span);
        return transfer.Format == BatchFormat
            ?
            [
                .. sections
                    .Where(section => section.Code == SectionCode.Data)
                    .Select(section => Content(WireSections.Binary(transfer.Encoded, section))),
            ]
            : [Content(transfer.Encoded)];
    }

    /// <summary>A message whose properties have been read once, so that what is kept is known to be well-formed.</summary>
    /// <remarks>One without an id gets one, as on Azure: the SDKs follow a message by it.</remarks>
    public static MessageContent Content(ReadOnlyMemory<byte> encoded)
    {
        var content = new MessageContent(encoded, WireMessageReader.Instance);
        return content.Properties.MessageId is null
            ? new MessageContent(
                WireMessageWriter.WithMessageId(encoded, Guid.NewGuid().ToString("N")),
                WireMessageReader.Instance
            )
            : content;
    }
}
