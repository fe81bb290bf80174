namespace Shop.Ordering.Views;

// What the read side reads of the events. Ordering's own come back to it through its queue like anybody's.

/// <summary>Of <c>shop.ordering.order-created.v1</c>.</summary>
internal sealed record PlacedOrder(
    Guid OrderId,
    Guid UserId,
    IReadOnlyList<PlacedLine> Items,
    decimal Total,
    string Currency,
    DateTimeOffset CreatedAt
);

/// <summary>A line of <see cref="PlacedOrder"/>.</summary>
internal sealed record PlacedLine(Guid ProductId, string Name, decimal UnitPrice, int Quantity);

/// <summary>Of <c>shop.ordering.order-confirmed.v1</c>.</summary>
internal sealed record ConfirmedOrder(Guid OrderId, Guid UserId);

/// <summary>Of <c>shop.ordering.order-shipped.v1</c>.</summary>
internal sealed record ShippedOrder(Guid OrderId, Guid UserId);

/// <summary>Of <c>shop.ordering.order-delivered.v1</c>.</summary>
internal sealed record DeliveredOrder(Guid OrderId, Guid UserId);

/// <summary>Of <c>shop.ordering.order-cancelled.v1</c>.</summary>
internal sealed record CancelledOrder(Guid OrderId, Guid UserId, string Reason);

/// <summary>Of <c>shop.catalog.product-created.v1</c> and <c>product-changed.v1</c>: the whole product.</summary>
internal sealed record OfferedProduct(
    Guid ProductId,
    string Name,
    decimal Price,
    string Currency,
    int Version,
    string? Image = null
);

/// <summary>Of <c>shop.catalog.product-deleted.v1</c>; its version is above every version of the product.</summary>
internal sealed record DeletedProduct(Guid ProductId, int Version);
