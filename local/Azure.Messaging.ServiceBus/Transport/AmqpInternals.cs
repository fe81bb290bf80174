using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>
/// What AMQPNetLite does but offers no public call for: a disposition that is not settled, so that the broker's answer
/// tells whether the lock was still held, and the credit that is left, so that the end of a drain is seen. Service Bus needs both. The package's version is
/// pinned, and a test fails when a later one has no such members.
/// </summary>
internal static class AmqpInternals
{
    private const string DeliveryType = "Amqp.Delivery, Amqp.Net";

    public static void SendUnsettledDisposition(Message message, Session session, DeliveryState state) =>
        DisposeDelivery(session, role: true, GetDelivery(message), state, settled: false);

    /// <summary>What the broker may still send; none after a drain.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    public static extern ref int Credit(ReceiverLink link);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Delivery")]
    [return: UnsafeAccessorType(DeliveryType)]
    private static extern object GetDelivery(Message message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "DisposeDelivery")]
    private static extern void DisposeDelivery(
        Session session,
        bool role,
        [UnsafeAccessorType(DeliveryType)] object delivery,
        DeliveryState state,
        bool settled
    );
}
