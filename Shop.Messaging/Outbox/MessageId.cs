using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Shop.Messaging;

/// <summary>
/// UUIDv7 (RFC 9562) that ascend strictly within the process, also within a millisecond: the 12 bits after the time count
/// (section 6.2, method 1). The outbox is sent in their order.
/// </summary>
internal static class MessageId
{
    private const int CounterBits = 12;

    private static long _last;

    public static Guid Next(DateTimeOffset now)
    {
        var ticket = NextTicket(now.ToUnixTimeMilliseconds() << CounterBits);
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        // 48 bits of time, the version in 4 bits, 12 bits of counter; then the variant in 2 bits and 62 random bits.
        BinaryPrimitives.WriteInt64BigEndian(bytes, (ticket >> CounterBits) << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (ticket & 0xFFF)));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static long NextTicket(long now)
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            // A clock that goes back, or more than 4096 ids in a millisecond, only lets the ids run ahead of the clock.
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
