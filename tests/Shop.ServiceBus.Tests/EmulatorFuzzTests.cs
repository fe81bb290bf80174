using System.Buffers.Binary;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Shop.ServiceBus.Tests;

/// <summary>Broken frames and hostile values: that connection ends, and the emulator goes on serving the others.</summary>
public sealed class EmulatorFuzzTests(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private const long MostMemoryForHostility = 200 * 1024 * 1024;
    private const long MuchMoreThanAllowed = 512 * 1024 * 1024;
    private static readonly byte[] Header = [.. "AMQP"u8, 0, 1, 0, 0];

    // open with the container id "x".
    private static readonly byte[] Open = Frame([0x00, 0x53, 0x10, 0xc0, 0x04, 0x01, 0xa1, 0x01, (byte)'x']);

    public static TheoryData<string, byte[]> Hostile() =>
        new()
        {
            { "a frame of 2 GB", [0x7f, 0xff, 0xff, 0xff, 2, 0, 0, 0] },
            { "a frame of negative size", [0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0] },
            { "a frame shorter than its header", [0, 0, 0, 4, 2, 0, 0, 0] },
            { "an unknown descriptor", Frame([0x00, 0x53, 0x99, 0x45]) },
            { "a frame without a descriptor", Frame([0x40]) },
            { "an unknown type", Frame([0x00, 0x53, 0x11, 0x3f]) },
            { "a list with a negative count", Frame([0x00, 0x53, 0x11, 0xd0, 0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff]) },
            { "a list of 2^31 without data", Frame([0x00, 0x53, 0x11, 0xd0, 0, 0, 0, 8, 0x7f, 0xff, 0xff, 0xff]) },
            { "a text longer than its frame", Frame([0x00, 0x53, 0x10, 0xc0, 9, 1, 0xb1, 0x7f, 0xff, 0xff, 0xff]) },
            {
                "an array of 2^31 in an open",
                Frame([0x00, 0x53, 0x11, 0xc0, 12, 1, 0xf0, 0, 0, 0, 9, 0x7f, 0xff, 0xff, 0xff, 0x50])
            },
            { "descriptors in descriptors", Frame(new byte[60_000]) },
            { "well-formed lists in lists", Frame([0x00, 0x53, 0x11, .. Nested(6_000)]) },
            {
                "described values in described values",
                Frame([
                    0x00,
                    0x53,
                    0x11,
                    0xd0,
                    0,
                    0,
                    0xea,
                    0x65,
                    0,
                    0,
                    0,
                    1,
                    .. Enumerable.Repeat<byte[]>([0, 0x53, 1], 20_000).SelectMany(b => b),
                    0x40,
                ])
            },
            {
                "lists in lists",
                Frame([0x00, 0x53, 0x11, .. Enumerable.Repeat<byte[]>([0xc0, 0xff, 1], 19_000).SelectMany(b => b)])
            },
        };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Ends_its_own_connection_only(string what, byte[] frame)
    {
        var answer = await SendAsync([.. Header, .. Open, .. frame]);

        Assert.True(HasClose(answer), $"There was no close with an error after {what}: {Convert.ToHexString(answer)}");
        await OthersAreServedAsync();
    }

    [Fact]
    public async Task A_wrong_protocol_header_ends_the_connection()
    {
        await SendAsync([.. "GET / HTTP/1.1\r\n\r\n"u8]);

        await OthersAreServedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Frames_with_random_damage_end_their_own_connection_only(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 40; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            byte[] damaged = [.. Open];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await SendAsync([.. Header, .. damaged, .. Frame([0x00, 0x53, (byte)random.Next(0x10, 0x19), .. bytes])]);
        }

        await OthersAreServedAsync();
    }

    [Fact]
    public async Task Whatever_it_is_told_to_expect_it_keeps_little_memory()
    {
        await OthersAreServedAsync();
        var before = fixture.Emulator.PeakMemory;

        // Each promises gigabytes; kept for all of them, that would be a terabyte.
        foreach (var row in Hostile())
        {
            await Task.WhenAll(
                Enumerable.Repeat(row.Data.Item2, 40).Select(f => SendAsync([.. Header, .. Open, .. f]))
            );
        }

        Assert.InRange(fixture.Emulator.PeakMemory, 0, before + MostMemoryForHostility);
        await OthersAreServedAsync();
    }

    /// <summary>On a node that needs no token, so anybody may try.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task A_message_that_never_ends_ends_its_connection(int links)
    {
        await OthersAreServedAsync();
        var before = fixture.Emulator.PeakMemory;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", fixture.Emulator.Port, limit.Token);
        await using var stream = client.GetStream();
        var answers = stream.CopyToAsync(Stream.Null, limit.Token);
        var begin = new Begin
        {
            IncomingWindow = 2048,
            OutgoingWindow = 2048,
            HandleMax = 100,
        };
        await stream.WriteAsync((byte[])[.. Header, .. Open, .. Frame(Encoded(begin))], limit.Token);
        for (var link = 0u; link < links; link++)
        {
            await stream.WriteAsync(Frame(Encoded(AttachToCbs(link))), limit.Token);
        }

        var sent = 0L;
        try
        {
            for (var frame = 0u; sent < MuchMoreThanAllowed; frame++)
            {
                var part = Frame([.. Encoded(Part(frame % (uint)links, frame / (uint)links)), .. new byte[32_000]]);
                await stream.WriteAsync(part, limit.Token);
                sent += part.Length;
            }

            Assert.Fail($"It took {sent} bytes of messages without an end.");
        }
        catch (IOException)
        {
            // Cut off, as it should be.
        }

        await answers.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.InRange(fixture.Emulator.PeakMemory, 0, before + MostMemoryForHostility);
        await OthersAreServedAsync();
    }

    private static Attach AttachToCbs(uint handle) =>
        new()
        {
            LinkName = $"link-{handle}",
            Handle = handle,
            Role = false,
            Source = new Source(),
            Target = new Target { Address = "$cbs" },
            InitialDeliveryCount = 0,
        };

    private static Transfer Part(uint handle, uint number)
    {
        var part = new Transfer { Handle = handle, More = true };
        if (number == 0)
        {
            part.DeliveryId = handle;
            part.DeliveryTag = [1];
        }

        return part;
    }

    private static byte[] Encoded(DescribedList performative)
    {
        var buffer = new ByteBuffer(256, true);
        performative.Encode(buffer);
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    private static byte[] Nested(int levels)
    {
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([0xd0, 0, 0, 0, 0, 0, 0, 0, 1], levels).SelectMany(b => b), 0x45];
        for (var level = 0; level < levels; level++)
        {
            var start = level * 9;
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(start + 1), bytes.Length - start - 5);
        }

        return bytes;
    }

    private static byte[] Frame(byte[] body)
    {
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        frame[4] = 2;
        body.CopyTo(frame.AsSpan(8));
        return frame;
    }

    /// <summary>Sends, says that nothing more comes, and reads until the emulator has ended the connection.</summary>
    private async Task<byte[]> SendAsync(byte[] bytes)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", fixture.Emulator.Port, limit.Token);
        await using var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(bytes, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // Ended with a reset: what was sent behind the mistake was not read any more.
        }

        return answer.ToArray();
    }

    /// <summary>A close performative (descriptor 0x18) whose list is not empty: it carries the error.</summary>
    private static bool HasClose(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf<byte>([0x00, 0x53, 0x18]);
        return at >= 0 && answer[at + 3] != 0x45;
    }

    private async Task OthersAreServedAsync()
    {
        var connection = await fixture.Emulator.ConnectAsync();
        var session = new Session(connection);
        await new SenderLink(session, "s", "queue-1").SendAsync(new Message("x"), Limit);
        var receiver = new ReceiverLink(session, "r", "queue-1");
        var message = await receiver.ReceiveAsync(Limit);
        Assert.NotNull(message);
        receiver.Accept(message);
        await connection.CloseAsync();
    }
}
