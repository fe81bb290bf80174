using System.Runtime.CompilerServices;
using Shop.Inventory.Domain;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.Payments.Domain;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// What reading a row makes: an object of its own, as Entity Framework would fill it, past the domain's guards. What a
/// transaction does to it is lost unless it is committed.
/// </summary>
internal static class Copies
{
    /// <summary>A reservation; its lists are replaced, never changed.</summary>
    public static Reservation Of(Reservation reservation) => (Reservation)Clone(reservation);

    /// <summary>A payment with its refund.</summary>
    public static Payment Of(Payment payment)
    {
        var copy = (Payment)Clone(payment);
        if (copy.Refund is { } refund)
        {
            RefundOf(copy) = (Refund)Clone(refund);
        }
        return copy;
    }

    /// <summary>A saga with its order.</summary>
    public static SagaInstance Of(SagaInstance saga)
    {
        var copy = (SagaInstance)Clone(saga);
        var order = (Order)Clone(saga.Order);
        TransitionsOf(order) = [];
        OrderOf(copy) = order;
        return copy;
    }

    /// <summary>The order's lines, which many handlers do not load.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_items")]
    public static extern ref List<OrderItem> ItemsOf(Order order);

    /// <summary>The column that Payments' statement about a shipping sets.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<ShippedAt>k__BackingField")]
    public static extern ref DateTimeOffset? ShippedAtOf(Payment payment);

    /// <summary>A column that the statement of the claims sets.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<NextAttemptAt>k__BackingField")]
    public static extern ref DateTimeOffset? NextAttemptAtOf(Payment payment);

    /// <summary>A column that the statement of the claims sets.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Attempts>k__BackingField")]
    public static extern ref int AttemptsOf(Payment payment);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Order>k__BackingField")]
    private static extern ref Order OrderOf(SagaInstance saga);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_transitions")]
    private static extern ref List<OrderTransition> TransitionsOf(Order order);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Refund>k__BackingField")]
    private static extern ref Refund? RefundOf(Payment payment);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    private static extern object Clone(object original);
}
