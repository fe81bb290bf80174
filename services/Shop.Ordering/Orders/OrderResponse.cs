using System.Text.Json.Serialization;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Orders;

/// <summary>An order as the API shows it.</summary>
internal sealed record OrderResponse(
    Guid Id,
    OrderStatus Status,
    IReadOnlyList<OrderItemResponse> Items,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    ShippingAddress ShippingAddress,
    DateTimeOffset CreatedAt
)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CancellationReason? CancellationReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CancellationDetail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Shortage>? Shortages { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Carrier { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TrackingNumber { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ShippedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When the customer got the money back, after a cancellation or by an operator.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RefundedAt { get; init; }

    /// <summary>What the customer got back, in the order's currency.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? RefundedAmount { get; init; }

    /// <summary>The order as it is now.</summary>
    public static OrderResponse Of(Order order) =>
        AsPlaced(order) with
        {
            Status = order.Status,
            CancellationReason = order.CancellationReason,
            CancellationDetail = order.CancellationDetail,
            Shortages = order.Shortages.Count == 0 ? null : order.Shortages,
            Carrier = order.Carrier,
            TrackingNumber = order.TrackingNumber,
            ShippedAt = order.ShippedAt,
            DeliveredAt = order.DeliveredAt,
            RefundedAt = order.RefundedAt,
            RefundedAmount = order.RefundedAmount,
        };

    /// <summary>The order as it was answered when it was placed: everything but the status never changes.</summary>
    public static OrderResponse AsPlaced(Order order) =>
        new(
            order.Id,
            OrderStatus.Pending,
            [
                .. order
                    .Items.OrderBy(item => item.Line)
                    .Select(item => new OrderItemResponse(
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
            order.ShippingAddress,
            order.CreatedAt
        );
}

/// <summary>A line of <see cref="OrderResponse"/>.</summary>
internal sealed record OrderItemResponse(
    Guid ProductId,
    string Name,
    decimal UnitPrice,
    int Quantity,
    decimal LineTotal
);
