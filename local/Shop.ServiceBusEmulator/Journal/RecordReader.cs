using System.Buffers.Binary;
using System.Text;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>Reads what <see cref="RecordBuffer"/> wrote.</summary>
/// <exception cref="InvalidDataException">Thrown by every method when the record is shorter than it says.</exception>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    public string? String()
    {
        var count = Int32();
        return count == -1 ? null : Encoding.UTF8.GetString(Take(count));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > rest.Length)
        {
            throw new InvalidDataException("A journal record ends before its content does.");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
