using System.Buffers.Binary;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>The section codes of a message (AMQP 1.0, part 3, 3.2).</summary>
internal static class SectionCode
{
    public const byte Header = 0x70;
    public const byte DeliveryAnnotations = 0x71;
    public const byte MessageAnnotations = 0x72;
    public const byte Properties = 0x73;
    public const byte ApplicationProperties = 0x74;
    public const byte Data = 0x75;
    public const byte Footer = 0x78;
}

/// <summary>One section: where it starts, where its value starts, where it ends.</summary>
internal readonly record struct WireSection(byte Code, int Start, int Value, int End);

/// <summary>Finds the sections of an encoded message without decoding their values.</summary>
/// <remarks>Sizes are in the encoding, so nothing is parsed in depth and nothing recurses.</remarks>
internal static class WireSections
{
    /// <exception cref="InvalidDataException">The bytes are no AMQP message.</exception>
    public static List<WireSection> Find(ReadOnlySpan<byte> message)
    {
        List<WireSection> sections = new(6);
        var position = 0;
        while (position < message.Length)
        {
            var start = position;
            var (code, value) = ReadDescriptor(message, position);
            position = SkipValue(message, value);
            sections.Add(new(code, start, value, position));
        }

        return sections;
    }

    /// <summary>The bytes of a data section.</summary>
    public static ReadOnlyMemory<byte> Binary(ReadOnlyMemory<byte> message, WireSection section)
    {
        var headerSize = At(message.Span, section.Value) switch
        {
            0xa0 => 2,
            0xb0 => 5,
            _ => throw new InvalidDataException("A data section must hold binary."),
        };
        return message[(section.Value + headerSize)..section.End];
    }

    private static (byte Code, int Value) ReadDescriptor(ReadOnlySpan<byte> message, int position)
    {
        if (At(message, position) != 0)
        {
            throw new InvalidDataException("A message section must start with a descriptor.");
        }

        return At(message, position + 1) switch
        {
            0x53 => (Known(At(message, position + 2)), position + 3),
            0x80 => (Known(BinaryPrimitives.ReadUInt64BigEndian(Slice(message, position + 2, 8))), position + 10),
            _ => throw new InvalidDataException("A message section's descriptor must be a number."),
        };
    }

    private static byte Known(ulong code) =>
        code is >= SectionCode.Header and <= SectionCode.Footer
            ? (byte)code
            : throw new InvalidDataException($"0x{code:x} is no section of a message.");

    private static int SkipValue(ReadOnlySpan<byte> message, int position)
    {
        // A described value is a descriptor and a value: one more to skip, without recursion.
        for (var values = 1; values > 0; values--)
        {
            var code = At(message, position++);
            if (code == 0)
            {
                values += 2;
                continue;
            }

            position += (code >> 4) switch
            {
                0x4 => 0,
                0x5 => 1,
                0x6 => 2,
                0x7 => 4,
                0x8 => 8,
                0x9 => 16,
                0xa or 0xc or 0xe => 1 + At(message, position),
                0xb or 0xd or 0xf => 4 + Size(message, position),
                _ => throw new InvalidDataException($"0x{code:x} is no AMQP type."),
            };
            if (position > message.Length)
            {
                throw new InvalidDataException("A value is longer than its message.");
            }
        }

        return position;
    }

    private static int Size(ReadOnlySpan<byte> message, int position)
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(Slice(message, position, 4));
        return size >= 0 && size <= message.Length
            ? size
            : throw new InvalidDataException("A value is longer than its message.");
    }

    private static byte At(ReadOnlySpan<byte> message, int position) => Slice(message, position, 1)[0];

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> message, int position, int count) =>
        position + count <= message.Length
            ? message.Slice(position, count)
            : throw new InvalidDataException("The message ends in the middle of a value.");
}
