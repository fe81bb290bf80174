using System.Buffers.Binary;
using System.Text;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>A growing byte buffer into which records are encoded; little endian throughout.</summary>
internal sealed class RecordBuffer
{
    private byte[] bytes = new byte[64 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (bytes.Length > 16 * 1024 * 1024)
        {
            bytes = new byte[64 * 1024];
        }
    }

    /// <summary>Takes back what was written from an earlier <see cref="Length"/> on.</summary>
    public void CutTo(int length) => Length = length;

    public Span<byte> Reserve(int count)
    {
        if (bytes.Length - Length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }

        var span = bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    /// <summary>What was written from an earlier <see cref="Length"/> on, to be changed in place.</summary>
    public Span<byte> From(int start) => bytes.AsSpan(start, Length - start);

    public void Write(byte value) => Reserve(1)[0] = value;

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Write(ReadOnlySpan<byte> value)
    {
        Write(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void Write(string? value)
    {
        if (value is null)
        {
            Write(-1);
            return;
        }

        var count = Encoding.UTF8.GetByteCount(value);
        Write(count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
    }
}
