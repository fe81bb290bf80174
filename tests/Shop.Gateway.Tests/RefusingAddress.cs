using System.Net;
using System.Net.Sockets;

namespace Shop.Gateway.Tests;

/// <summary>A port that is taken, so that nobody else gets it, but on which nobody listens: connections are refused.</summary>
public sealed class RefusingAddress : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp);

    public RefusingAddress() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Address => $"http://{socket.LocalEndPoint}";

    public void Dispose() => socket.Dispose();
}
