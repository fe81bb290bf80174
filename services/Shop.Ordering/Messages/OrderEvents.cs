using Shop.Ordering.Domain;

namespace Shop.Ordering.Messages;

/// <summary>What the events say of an order, at the moment when each is due.</summary>
internal static class OrderEvents
{
    public static OrderCreated Created(Order order) =>
        new(
            order.Id,
            order.UserId,
            [
                .. order.Items.Select(item => new OrderCreatedItem(
                    item.ProductId,
                    item.Name,
                    item.UnitPrice,
                    item.Quantity
                )),
            ],
            order.Subtotal,
            order.Discount,
            order.Tax,
            order.Total,
            order.Currency,
            order.ShippingAddress.Region,
            Address(order.ShippingAddress),
            order.CreatedAt
        );

    public static OrderConfirmed Confirmed(Order order) =>
        new(
            order.Id,
            order.UserId,
            [
                .. order
                    .Items.OrderBy(item => item.Line)
                    .Select(item => new OrderConfirmedItem(
                        item.ProductId,
                        item.Name,
                        item.UnitPrice,
                        item.Quantity,
                        item.LineTotal
                    )),
            ],
            order.Subtotal,
            order.Discount,
            order.Tax,
            order.Total,
            order.Currency,
            Address(order.ShippingAddress),
            order.ConfirmedAt!.Value
        );

    public static OrderCancelled Cancelled(Order order) =>
        new(
            order.Id,
            order.UserId,
            order.CancellationReason.ToString()!,
            order.CancellationDetail!,
            WasConfirmed: order.ConfirmedAt is not null,
            order.CancelledAt!.Value
        );

    public static OrderShipped Shipped(Order order) =>
        new(order.Id, order.UserId, order.Carrier, order.TrackingNumber, order.ShippedAt!.Value);

    public static OrderDelivered Delivered(Order order) => new(order.Id, order.UserId, order.DeliveredAt!.Value);

    private static OrderAddress Address(ShippingAddress address) =>
        new(
            address.Name,
            address.Street,
            address.City,
            address.PostalCode,
            address.Region,
            address.Country,
            address.Lines
        );
}
