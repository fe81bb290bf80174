using System.Net;
using System.Net.Sockets;
using Shop.Gateway.Edge;

namespace Shop.Gateway.RateLimiting;

/// <summary>Whose budget a request uses up.</summary>
internal static class Caller
{
    /// <summary>The user whose token was found to be valid, else the address.</summary>
    public static string Of(HttpContext context) =>
        InsideHeaders.UserOf(context) is { } user ? "user:" + user : AddressOf(context);

    /// <summary>The client's address; of an IPv6 address the network, since one client has all of its addresses.</summary>
    public static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? "address:" + Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : "address:" + address;
    }
}
