namespace Shop.Ordering.Messages;

/// <summary>Event: a customer placed an order.</summary>
internal sealed record OrderCreated(
    Guid OrderId,
    Guid UserId,
    IReadOnlyList<OrderCreatedItem> Items,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    string Region,
    OrderAddress ShippingAddress,
    DateTimeOffset CreatedAt
)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.ordering.order-created.v1";
}

/// <summary>A line of <see cref="OrderCreated"/>.</summary>
internal sealed record OrderCreatedItem(Guid ProductId, string Name, decimal UnitPrice, int Quantity);

/// <summary>Event: stock is reserved, the payment is made. It has all that an invoice or a letter needs.</summary>
internal sealed record OrderConfirmed(
    Guid OrderId,
    Guid UserId,
    IReadOnlyList<OrderConfirmedItem> Items,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    OrderAddress ShippingAddress,
    DateTimeOffset ConfirmedAt
)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.ordering.order-confirmed.v1";
}

/// <summary>A line of <see cref="OrderConfirmed"/>.</summary>
internal sealed record OrderConfirmedItem(
    Guid ProductId,
    string Name,
    decimal UnitPrice,
    int Quantity,
    decimal LineTotal
);

/// <summary>Where an order goes, in events.</summary>
/// <param name="Name">The recipient.</param>
/// <param name="Street">Street and number.</param>
/// <param name="City">The town.</param>
/// <param name="PostalCode">The postal code.</param>
/// <param name="Region">The ISO 3166-2 code.</param>
/// <param name="Country">The ISO 3166-1 code.</param>
/// <param name="Lines">All of it as it is printed, line by line.</param>
internal sealed record OrderAddress(
    string Name,
    string Street,
    string City,
    string PostalCode,
    string Region,
    string Country,
    IReadOnlyList<string> Lines
);

/// <summary>Event: the order ended without being delivered; stock and money go back.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="UserId">Its customer.</param>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="WasConfirmed">Whether the customer had been told before that the order is confirmed.</param>
/// <param name="CancelledAt">When.</param>
internal sealed record OrderCancelled(
    Guid OrderId,
    Guid UserId,
    string Reason,
    string Detail,
    bool WasConfirmed,
    DateTimeOffset CancelledAt
)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.ordering.order-cancelled.v1";
}

/// <summary>Event: the parcel is on its way; from now on the order cannot be cancelled.</summary>
internal sealed record OrderShipped(
    Guid OrderId,
    Guid UserId,
    string? Carrier,
    string? TrackingNumber,
    DateTimeOffset ShippedAt
)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.ordering.order-shipped.v1";
}

/// <summary>Event: the parcel has arrived.</summary>
internal sealed record OrderDelivered(Guid OrderId, Guid UserId, DateTimeOffset DeliveredAt)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.ordering.order-delivered.v1";
}
