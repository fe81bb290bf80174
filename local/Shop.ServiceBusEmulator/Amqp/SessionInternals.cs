using System.Runtime.CompilerServices;
using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Two members of a session that the library keeps to itself (AMQPNetLite 2.5.5).</summary>
internal static class SessionInternals
{
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Channel")]
    public static extern ushort Channel(Session session);

    /// <summary>Waits until all that the session has to send, its end included, is in line on the connection.</summary>
    public static void AwaitWritten(Session session) =>
        SpinWait.SpinUntil(() => !Volatile.Read(ref IsWriting(session)));

    /// <summary>Whether a thread is writing what this one and others put into the session's queue.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "writingCommands")]
    private static extern ref bool IsWriting(Session session);
}
