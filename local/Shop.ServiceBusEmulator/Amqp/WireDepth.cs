using System.Buffers.Binary;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// Refuses values that the library could not decode safely: it recurses as deep as they are nested, and believes an
/// array's count.
/// </summary>
internal static class WireDepth
{
    private const int Deepest = 32;

    /// <exception cref="InvalidDataException">The section's value is nested too deep, or is not what it says.</exception>
    public static void Check(ReadOnlySpan<byte> message, WireSection section)
    {
        if (Skip(message[..section.End], section.Value, 0) != section.End)
        {
            throw new InvalidDataException("A value does not end where it says.");
        }
    }

    private static int Skip(ReadOnlySpan<byte> bytes, int position, int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException($"Values are nested deeper than {Deepest}.");
        }

        var code = Take(bytes, ref position, 1)[0];
        switch (code >> 4)
        {
            case 0 when code == 0:
                return Skip(bytes, Skip(bytes, position, depth + 1), depth + 1);
            case >= 4 and <= 9:
                Take(bytes, ref position, code < 0x50 ? 0 : 1 << ((code >> 4) - 5));
                return position;
            case 0xa or 0xb:
                Take(bytes, ref position, Size(bytes, ref position, code < 0xb0));
                return position;
            case 0xc or 0xd:
                _ = Size(bytes, ref position, code < 0xd0);
                for (var left = Size(bytes, ref position, code < 0xd0); left > 0; left--)
                {
                    position = Skip(bytes, position, depth + 1);
                }

                return position;
            case 0xe or 0xf:
                var end = Take(bytes, ref position, Size(bytes, ref position, code < 0xf0));
                var start = 0;
                // Elements of no width, or with elements of their own, are of no use to anybody but an attacker.
                return
                    Size(end, ref start, code < 0xf0) <= end.Length && Take(end, ref start, 1)[0] is >= 0x50 and < 0xc0
                    ? position
                    : throw new InvalidDataException("An array must hold simple values.");
            default:
                throw new InvalidDataException($"0x{code:x} is no AMQP type.");
        }
    }

    private static int Size(ReadOnlySpan<byte> bytes, ref int position, bool narrow) =>
        narrow ? Take(bytes, ref position, 1)[0]
        : BinaryPrimitives.ReadInt32BigEndian(Take(bytes, ref position, 4)) is >= 0 and var size ? size
        : throw new InvalidDataException("A size is negative.");

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int position, int count)
    {
        if (count > bytes.Length - position)
        {
            throw new InvalidDataException("The message ends in the middle of a value.");
        }

        position += count;
        return bytes.Slice(position - count, count);
    }
}
