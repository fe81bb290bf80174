using System.Buffers.Binary;
using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// Follows the frames of a connection and adds up what has come of messages that are not complete. The library keeps all of it
/// and knows no limit, so a sender that never ends a message would take all memory.
/// </summary>
internal sealed class PartialMessages(Func<int> largestMessage)
{
    // Several messages of the usual size at once.
    private const long Usual = 32L * 1024 * 1024;
    private const int FrameHeader = 8;

    // A transfer's fields up to "more", with the longest delivery tag that there may be.
    private const int LongestHead = 96;
    private const byte Transfer = 0x14;
    private const byte Detach = 0x16;
    private const byte End = 0x17;

    private readonly Dictionary<(ushort Channel, uint Handle), long> partial = [];
    private readonly byte[] head = new byte[LongestHead];
    private int protocolHeader = FrameHeader;
    private int collected;
    private int wanted = sizeof(int);
    private long rest;
    private long total;

    /// <exception cref="AmqpException">There is too much of it.</exception>
    public void Follow(ReadOnlySpan<byte> received)
    {
        var greeting = Math.Min(protocolHeader, received.Length);
        protocolHeader -= greeting;
        received = received[greeting..];
        while (received.Length > 0)
        {
            if (rest > 0)
            {
                var skipped = (int)Math.Min(rest, received.Length);
                rest -= skipped;
                received = received[skipped..];
                continue;
            }

            var taken = Math.Min(wanted - collected, received.Length);
            received[..taken].CopyTo(head.AsSpan(collected));
            collected += taken;
            received = received[taken..];
            if (collected == wanted)
            {
                Advance();
            }
        }
    }

    /// <summary>First the size is known, then so much of the frame as there is to look at.</summary>
    private void Advance()
    {
        // A size that is none ends the connection by itself, as soon as the library sees it.
        var size = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (wanted == sizeof(int) && size > sizeof(int))
        {
            wanted = (int)Math.Min(size, LongestHead);
            return;
        }

        if (wanted > FrameHeader)
        {
            Look(head.AsSpan(0, wanted), size);
        }

        rest = Math.Max(0, size - (long)wanted);
        (collected, wanted) = (0, sizeof(int));
    }

    private void Look(ReadOnlySpan<byte> frame, uint size)
    {
        var position = frame[4] * 4;
        var channel = BinaryPrimitives.ReadUInt16BigEndian(frame[6..]);
        var fields = frame[Math.Min(position, frame.Length)..];
        if (fields is [0x00, 0x53, End, ..])
        {
            foreach (var key in partial.Keys.Where(key => key.Channel == channel).ToList())
            {
                Forget(key);
            }
        }
        else if (fields is [0x00, 0x53, Detach, ..])
        {
            Forget((channel, new Fields(fields[3..]).UInt32()));
        }
        else if (fields is [0x00, 0x53, Transfer, ..])
        {
            OnTransfer(channel, new Fields(fields[3..]), size);
        }
        else if (fields is [0x00, not 0x53, ..])
        {
            // Performatives may be spelled out; no client does, so whoever does it may not send much.
            Add((channel, uint.MaxValue), size);
        }
    }

    private void OnTransfer(ushort channel, Fields fields, uint size)
    {
        var key = (channel, fields.UInt32());
        // delivery-id, delivery-tag, message-format, settled
        for (var field = 0; field < 4; field++)
        {
            fields.Skip();
        }

        if (fields.IsTrue())
        {
            Add(key, size);
        }
        else if (partial.Count > 0)
        {
            Forget(key);
        }
    }

    private void Add((ushort, uint) key, uint size)
    {
        partial[key] = partial.GetValueOrDefault(key) + size;
        total += size;
        if (total > Usual && total > Usual + largestMessage())
        {
            throw AmqpErrors.Exception(
                ErrorCode.MessageSizeExceeded,
                $"More than {Usual + largestMessage()} bytes have come of messages that are not complete."
            );
        }
    }

    private void Forget((ushort, uint) key)
    {
        if (partial.Remove(key, out var size))
        {
            total -= size;
        }
    }

    /// <summary>The fields of a performative, one after the other; behind the end there is nothing.</summary>
    private ref struct Fields
    {
        private ReadOnlySpan<byte> bytes;

        public Fields(ReadOnlySpan<byte> list)
        {
            var header = list is [0xc0, ..] ? 3 : 9;
            bytes = list.Length > header ? list[header..] : [];
        }

        public uint UInt32()
        {
            var field = bytes;
            Skip();
            return field switch
            {
                [0x52, var small, ..] => small,
                [0x70, ..] when field.Length > sizeof(uint) => BinaryPrimitives.ReadUInt32BigEndian(field[1..]),
                _ => 0,
            };
        }

        public readonly bool IsTrue() => bytes is [0x41, ..] or [0x56, 1, ..];

        public void Skip()
        {
            if (bytes.IsEmpty)
            {
                return;
            }

            var length = (bytes[0] >> 4) switch
            {
                4 => 1,
                5 => 2,
                6 => 3,
                7 => 5,
                8 => 9,
                9 => 17,
                0xa when bytes.Length > 1 => 2 + bytes[1],
                0xb when bytes.Length > sizeof(uint) => 5L + BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]),
                _ => long.MaxValue,
            };
            bytes = length < bytes.Length ? bytes[(int)length..] : [];
        }
    }
}
