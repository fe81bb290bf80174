using System.Runtime.CompilerServices;
using Amqp.Listener;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Two members of the listener's link that the library keeps to itself (AMQPNetLite 2.5.5).</summary>
internal static class ListenerLinkInternals
{
    /// <summary>What <c>AttachContext</c> does, for a container that is not the library's own host.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "InitializeLinkEndpoint")]
    public static extern void Initialize(ListenerLink link, LinkEndpoint endpoint, uint credit);

    /// <summary>
    /// The credit that the library still counts. A flow that does not raise the limit makes it forget what is left, so
    /// <see cref="ReceiveEndpoint"/> puts it right.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    public static extern ref uint Credit(ListenerLink link);
}
