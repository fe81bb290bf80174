using Shop.Messaging;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Messages;

// What Notifications reads of other contexts' events; whatever else they carry is not looked at.

/// <summary>Somebody's account, from Users' events when it is new and when it changed.</summary>
internal sealed record UserTold(
    Guid UserId,
    string? Email,
    string? Name,
    string? PhoneNumber,
    UserPreferences? Preferences,
    long Version
)
{
    public const string RegisteredType = "shop.users.user-registered.v1";
    public const string ChangedType = "shop.users.user-changed.v1";
}

/// <summary>On which ways somebody wants to be told.</summary>
internal sealed record UserPreferences(bool Email, bool Sms, bool Push);

/// <summary>News of an order in the form of an event.</summary>
internal interface IOrderEvent
{
    /// <summary>The same in this context's words.</summary>
    /// <exception cref="MessageRejectedException">It names no order or no customer.</exception>
    OrderNews ToNews();
}

/// <summary>The order is paid for and its stock is reserved.</summary>
internal sealed record OrderConfirmed(
    Guid OrderId,
    Guid UserId,
    IReadOnlyList<OrderConfirmedItem?>? Items,
    decimal? Subtotal,
    decimal? Discount,
    decimal? Tax,
    decimal? Total,
    string? Currency,
    PostalAddress? ShippingAddress,
    DateTimeOffset? ConfirmedAt
) : IOrderEvent
{
    public const string Type = "shop.ordering.order-confirmed.v1";

    public OrderNews ToNews() =>
        OrderEvents.News(
            NotificationKind.OrderConfirmed,
            OrderId,
            UserId,
            new OrderFacts
            {
                Lines =
                [
                    .. (Items ?? [])
                        .OfType<OrderConfirmedItem>()
                        .Select(item => new OrderLine(item.Name ?? "", item.Quantity, item.LineTotal)),
                ],
                Subtotal = Subtotal,
                Discount = Discount,
                Tax = Tax,
                Total = Total,
                Currency = Currency,
                Address = ShippingAddress,
                At = ConfirmedAt,
            }
        );
}

/// <summary>A line of <see cref="OrderConfirmed"/>.</summary>
internal sealed record OrderConfirmedItem(string? Name, int Quantity, decimal? LineTotal);

/// <summary>The order ended without being delivered.</summary>
internal sealed record OrderCancelled(
    Guid OrderId,
    Guid UserId,
    string? Detail,
    bool WasConfirmed,
    DateTimeOffset? CancelledAt
) : IOrderEvent
{
    public const string Type = "shop.ordering.order-cancelled.v1";

    public OrderNews ToNews() =>
        OrderEvents.News(
            NotificationKind.OrderCancelled,
            OrderId,
            UserId,
            new OrderFacts
            {
                Detail = Detail,
                WasConfirmed = WasConfirmed,
                At = CancelledAt,
            }
        );
}

/// <summary>The order is on its way.</summary>
internal sealed record OrderShipped(
    Guid OrderId,
    Guid UserId,
    string? Carrier,
    string? TrackingNumber,
    DateTimeOffset? ShippedAt
) : IOrderEvent
{
    public const string Type = "shop.ordering.order-shipped.v1";

    public OrderNews ToNews() =>
        OrderEvents.News(
            NotificationKind.OrderShipped,
            OrderId,
            UserId,
            new OrderFacts
            {
                Carrier = Carrier,
                TrackingNumber = TrackingNumber,
                At = ShippedAt,
            }
        );
}

/// <summary>The customer has the order.</summary>
internal sealed record OrderDelivered(Guid OrderId, Guid UserId, DateTimeOffset? DeliveredAt) : IOrderEvent
{
    public const string Type = "shop.ordering.order-delivered.v1";

    public OrderNews ToNews() =>
        OrderEvents.News(NotificationKind.OrderDelivered, OrderId, UserId, new OrderFacts { At = DeliveredAt });
}

internal static class OrderEvents
{
    public static OrderNews News(NotificationKind kind, Guid orderId, Guid userId, OrderFacts facts) =>
        orderId == Guid.Empty || userId == Guid.Empty
            ? throw new MessageRejectedException("InvalidOrderEvent", "orderId and userId are required.")
            : new OrderNews(kind, orderId, userId, facts);
}
