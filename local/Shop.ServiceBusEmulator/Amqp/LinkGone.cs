using System.Net.Sockets;
using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Recognises the ways in which the library says that a link, its session or its connection has ended.</summary>
internal static class LinkGone
{
    public static bool Is(Exception exception) =>
        exception is AmqpException or ObjectDisposedException or IOException or SocketException;
}
