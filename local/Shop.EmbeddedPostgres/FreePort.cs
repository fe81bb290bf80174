using System.Net;
using System.Net.Sockets;

namespace Shop.EmbeddedPostgres;

/// <summary>Ports of 127.0.0.1 that nobody uses at the moment.</summary>
public static class FreePort
{
    // Below what operating systems take for outgoing connections (from 32768 on Linux, 49152 elsewhere), one of which might
    // have taken the port by the time a server wants it.
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>A port of 127.0.0.1 that nobody listens on at the moment.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port))
                return port;
        }
    }

    /// <summary>Whether nobody listens on a port of 127.0.0.1 at the moment.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
