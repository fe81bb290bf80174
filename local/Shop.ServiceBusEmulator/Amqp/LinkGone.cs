using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Recognises the ways in which the library says that a link, its session or its connection has ended.</summary>
internal static class LinkGone
{
    public static bool Is(Exception exception) =>
        exception is AmqpException or ObjectDisposedException or IOException or SocketException;

    /// <summary>Ends a link with an error, unless its client has ended it already.</summary>
    public static void End(ListenerLink link, Error error)
    {
        try
        {
            link.Close(TimeSpan.Zero, error);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The client has left by itself; whoever calls this must go on whatever is wrong with one link.
        }
    }
}
