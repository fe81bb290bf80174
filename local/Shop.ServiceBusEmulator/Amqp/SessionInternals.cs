using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Members of a session that the library keeps to itself (AMQPNetLite 2.5.5).</summary>
internal static class SessionInternals
{
    // Sessions whose client takes any number of transfers, as those of the .NET SDK do.
    private static readonly ConditionalWeakTable<Session, object> Unlimited = [];

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Channel")]
    public static extern ushort Channel(Session session);

    /// <summary>Waits until all that the session has to send, its end included, is in line on the connection.</summary>
    public static void AwaitWritten(Session session) =>
        SpinWait.SpinUntil(() => !Volatile.Read(ref IsWriting(session)));

    /// <summary>The client has begun the session.</summary>
    public static void OnBegin(Session session, Begin begin)
    {
        if (begin.IncomingWindow == uint.MaxValue)
        {
            Unlimited.AddOrUpdate(session, session);
        }
    }

    /// <summary>A flow has come on the session; to be called on the connection's own thread only.</summary>
    /// <remarks>
    /// The library counts a transfer only after it has written it. A client's flow that comes in between says that the client
    /// takes 2^32 - 1 transfers after one that is not counted yet: the sum wraps around to none, and what there is to send
    /// would wait for the next flow.
    /// </remarks>
    public static void OnFlow(Session session)
    {
        if (Volatile.Read(ref OutgoingWindow(session)) == 0 && Unlimited.TryGetValue(session, out _))
        {
            SpinWait.SpinUntil(() => !Volatile.Read(ref IsWritingDelivery(session)));
            Receive(session, new Flow { IncomingWindow = int.MaxValue });
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "outgoingWindow")]
    private static extern ref uint OutgoingWindow(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "writingDelivery")]
    private static extern ref bool IsWritingDelivery(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "OnFlow")]
    private static extern void Receive(Session session, Flow flow);

    /// <summary>Whether a thread is writing what this one and others put into the session's queue.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "writingCommands")]
    private static extern ref bool IsWriting(Session session);
}
