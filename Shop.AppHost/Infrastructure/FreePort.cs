using System.Net;
using System.Net.Sockets;

namespace Shop.AppHost.Infrastructure;

internal static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody listens on at the moment.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

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

    /// <summary>Tests do not use the fixed ports: the testing builder asks the engine for random ones.</summary>
    public static bool HasRandomPorts(this IDistributedApplicationBuilder builder) =>
        string.Equals(builder.Configuration["DcpPublisher:RandomizePorts"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Fails with one sentence when somebody else listens on a port that this run needs.</summary>
    public static void RequireFreePort(
        this IDistributedApplicationBuilder builder,
        int port,
        string what,
        string instead
    )
    {
        if (!builder.ExecutionContext.IsPublishMode && !builder.HasRandomPorts() && !IsFree(port))
        {
            throw new DistributedApplicationException(
                $"Port {port}, which {what} needs, is in use by another program: stop that program, or start with {instead}."
            );
        }
    }
}
