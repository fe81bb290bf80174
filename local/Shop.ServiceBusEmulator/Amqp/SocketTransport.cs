using System.Net.Sockets;
using System.Security.Principal;
using Amqp;
using Amqp.Listener;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>One accepted TCP connection, read through a buffer.</summary>
internal sealed class SocketTransport(Socket socket, Func<int> largestMessage, Action closed)
    : IAsyncTransport,
        IAuthenticated
{
    private int isClosed;
    private readonly byte[] received = new byte[64 * 1024];
    private readonly PartialMessages partial = new(largestMessage);
    private int start;
    private int end;

    /// <summary>Who it is, once SASL has said so with a password.</summary>
    public IPrincipal? Principal { get; set; }

    public void SetConnection(Connection connection) { }

    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count)
    {
        if (start == end)
        {
            start = 0;
            end = await socket.ReceiveAsync(received, SocketFlags.None);
        }

        var taken = TakeReceived(buffer.AsSpan(offset, count));
        partial.Follow(buffer.AsSpan(offset, taken));
        return taken;
    }

    /// <summary>Reads exactly as much as asked for.</summary>
    /// <exception cref="EndOfStreamException">The client closed the connection before.</exception>
    public async Task ReadExactlyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            if (start == end)
            {
                start = 0;
                end = await socket.ReceiveAsync(received, SocketFlags.None, cancellationToken);
                if (end == 0)
                {
                    throw new EndOfStreamException();
                }
            }

            buffer = buffer[TakeReceived(buffer.Span)..];
        }
    }

    /// <summary>Gives bytes that were read back: the next reader finds them again.</summary>
    public void Unread(ReadOnlySpan<byte> bytes)
    {
        var rest = received.AsSpan(start, end - start);
        rest.CopyTo(received.AsSpan(bytes.Length));
        bytes.CopyTo(received);
        (start, end) = (0, bytes.Length + rest.Length);
    }

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        var segments = new ArraySegment<byte>[bufferList.Count];
        for (var i = 0; i < segments.Length; i++)
        {
            var buffer = bufferList[i];
            segments[i] = new(buffer.Buffer, buffer.Offset, buffer.Length);
        }

        await socket.SendAsync(segments, SocketFlags.None);
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        socket.SendAsync(bytes, SocketFlags.None, cancellationToken);

    public void Send(ByteBuffer buffer) => socket.Send(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length));

    public int Receive(byte[] buffer, int offset, int count)
    {
        if (start == end)
        {
            start = 0;
            end = socket.Receive(received);
        }

        return TakeReceived(buffer.AsSpan(offset, count));
    }

    public void Close()
    {
        socket.Dispose();
        if (Interlocked.Exchange(ref isClosed, 1) == 0)
        {
            closed();
        }
    }

    private int TakeReceived(Span<byte> target)
    {
        var count = Math.Min(target.Length, end - start);
        received.AsSpan(start, count).CopyTo(target);
        start += count;
        return count;
    }
}
