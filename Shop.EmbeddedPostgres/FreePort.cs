using System.Net;
using System.Net.Sockets;

namespace Shop.EmbeddedPostgres;

/// <summary>Ports of 127.0.0.1 that nobody uses at the moment.</summary>
public static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody listens on at the moment.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
