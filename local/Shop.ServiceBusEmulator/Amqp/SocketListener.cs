using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// Accepts TCP connections and leads each through SASL before the library sees it.
/// </summary>
/// <remarks>
/// The library's own listener takes a port that another process has (it asks the system to share it), cannot say which
/// free port it got, and greets before the client does (see <see cref="SaslServer"/>).
/// </remarks>
internal sealed class SocketListener : TransportProvider
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(20);

    private readonly Socket socket;
    private readonly Channel<IAsyncTransport> ready = Channel.CreateUnbounded<IAsyncTransport>();
    private readonly CancellationTokenSource stopping = new();
    private readonly SaslServer sasl;
    private readonly Task accepting;
    private int connections;

    /// <exception cref="IOException">The port is in use.</exception>
    public SocketListener(IPEndPoint endpoint, SaslServer sasl)
    {
        this.sasl = sasl;
        socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        AddressSchemes = ["amqp"];
        try
        {
            socket.Bind(endpoint);
            socket.Listen(512);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException(
                exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {endpoint.Port} is in use; end what listens there, or give another --port."
                    : $"{endpoint} cannot be listened on: {exception.Message}",
                exception
            );
        }

        Endpoint = (IPEndPoint)socket.LocalEndPoint!;
        accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>How many are connected, those in the handshake included.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>The next connection that is through SASL.</summary>
    public override async Task<IAsyncTransport> CreateAsync(Address address)
    {
        if (await ready.Reader.WaitToReadAsync() && ready.Reader.TryRead(out var transport))
        {
            return transport;
        }

        // The library asks in a loop, also after its end; an exception would make it spin.
        return await new TaskCompletionSource<IAsyncTransport>().Task;
    }

    public override void Dispose()
    {
        stopping.Cancel();
        socket.Dispose();
        ready.Writer.TryComplete();
        stopping.Dispose();
        base.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // Not awaited: a client that says nothing must not hold up the next one. It ends by itself at its limit.
                _ = HandshakeAsync(await socket.AcceptAsync(stopping.Token));
            }
            catch (SocketException) when (!stopping.IsCancellationRequested)
            {
                // That client was gone before it was accepted.
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task HandshakeAsync(Socket client)
    {
        client.NoDelay = true;
        Interlocked.Increment(ref connections);
        var transport = new SocketTransport(client, () => Interlocked.Decrement(ref connections));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        limit.CancelAfter(HandshakeLimit);
        try
        {
            if (await sasl.NegotiateAsync(transport, limit.Token) && ready.Writer.TryWrite(transport))
            {
                return;
            }
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or InvalidDataException
                        or SocketException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or AmqpException
                        or InvalidCastException
            )
        {
            // Not a client of ours: closed without a word.
        }

        transport.Close();
    }
}
