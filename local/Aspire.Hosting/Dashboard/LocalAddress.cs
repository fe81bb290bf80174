using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Dashboard;

/// <summary>Addresses of this machine on which the dashboard's parts listen.</summary>
internal static class LocalAddress
{
    /// <summary>Reads an address.</summary>
    /// <param name="setting">Where it is configured, for the message.</param>
    /// <param name="value">The address.</param>
    /// <exception cref="DistributedApplicationException">It is none.</exception>
    public static Uri Parse(string setting, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new DistributedApplicationException(
                $"{setting} is '{value}', but must be an address such as http://localhost:18888."
            );

    /// <summary>The address with a free port in place of port 0.</summary>
    public static string WithPort(string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Port != 0)
        {
            return value;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Text(new UriBuilder(address) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri);
    }

    /// <summary>Scheme, host and port.</summary>
    public static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    /// <summary>The IP address behind it: the one it names, else 127.0.0.1.</summary>
    public static IPAddress Ip(Uri address) =>
        IPAddress.TryParse(address.DnsSafeHost, out var ip) ? ip : IPAddress.Loopback;

    /// <summary>Refuses an address on which another process listens.</summary>
    /// <param name="setting">Where another one can be given.</param>
    /// <param name="address">The address.</param>
    /// <exception cref="DistributedApplicationException">It is taken.</exception>
    public static void EnsureFree(string setting, Uri address)
    {
        try
        {
            using var listener = new TcpListener(Ip(address), address.Port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new DistributedApplicationException(
                $"The dashboard cannot listen on {Text(address)} ({e.SocketErrorCode}): end the process that uses the port, or set {setting} to another address.",
                e
            );
        }
    }
}
