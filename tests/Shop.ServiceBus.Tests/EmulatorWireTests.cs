using System.Buffers.Binary;
using Shop.ServiceBusEmulator.Amqp;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorWireTests
{
    [Theory]
    [InlineData(10_000)]
    [InlineData(300_000)]
    public void A_message_with_values_nested_too_deep_is_refused_before_it_is_decoded(int levels)
    {
        byte[] value =
        [
            0xa1,
            1,
            (byte)'k',
            .. Enumerable.Repeat<byte[]>([0, 0x53, 1], levels).SelectMany(b => b),
            0x40,
        ];
        var message = new byte[12 + value.Length];
        ReadOnlySpan<byte> map = [0x00, 0x53, 0x74, 0xd1];
        map.CopyTo(message);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), value.Length + 4);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(8), 2);
        value.CopyTo(message, 12);

        Assert.Throws<InvalidDataException>(() => WireBatch.Content(message));
    }
}
