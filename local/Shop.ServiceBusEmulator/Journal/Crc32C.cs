using System.Numerics;
using System.Runtime.InteropServices;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4: the processor computes it.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return ~crc;
    }
}
