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

    private const int PortAttempts = 20;

    private readonly List<Socket> sockets = [];
    private readonly Channel<IAsyncTransport> ready = Channel.CreateUnbounded<IAsyncTransport>();
    private readonly CancellationTokenSource stopping = new();
    private readonly SaslServer sasl;
    private readonly Func<int> largestMessage;
    private int connections;

    /// <summary>Listens on an address, and if the machine has it on a second one, with the same port.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public SocketListener(IPEndPoint endpoint, IPAddress? second, SaslServer sasl, Func<int> largestMessage)
    {
        this.sasl = sasl;
        this.largestMessage = largestMessage;
        AddressSchemes = ["amqp"];
        for (var attempt = 1; !TryBind(endpoint, second, isLast: attempt == PortAttempts); attempt++) { }

        Endpoint = (IPEndPoint)sockets[0].LocalEndPoint!;
        sockets.ForEach(socket => _ = AcceptAsync(socket));
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>Whether the second address was there to listen on.</summary>
    public bool HasSecond => sockets.Count > 1;

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
        sockets.ForEach(socket => socket.Dispose());
        ready.Writer.TryComplete();
        stopping.Dispose();
        base.Dispose();
    }

    /// <summary>False when any free port will do, and the one of the first address is not free on the second.</summary>
    private bool TryBind(IPEndPoint endpoint, IPAddress? second, bool isLast)
    {
        sockets.Add(Bind(endpoint));
        if (second is null)
        {
            return true;
        }

        var port = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
        try
        {
            sockets.Add(Bind(new IPEndPoint(second, port)));
            return true;
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: var error })
        {
            if (error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                return true;
            }

            sockets[0].Dispose();
            sockets.Clear();
            if (endpoint.Port == 0 && error == SocketError.AddressAlreadyInUse && !isLast)
            {
                return false;
            }

            throw;
        }
    }

    private static Socket Bind(IPEndPoint endpoint)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            socket.Listen(512);
            return socket;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new IOException(
                exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {endpoint.Port} is in use; end what listens there, or give another --port."
                    : $"{endpoint} cannot be listened on: {exception.Message}",
                exception
            );
        }
    }

    private async Task AcceptAsync(Socket socket)
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
        var transport = new SocketTransport(client, largestMessage, () => Interlocked.Decrement(ref connections));
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
