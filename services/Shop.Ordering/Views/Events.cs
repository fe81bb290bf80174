namespace Shop.Ordering.Views;

// What the read side reads of the events. Ordering's own come back to it through its queue like anybody's.

/// <summary>What the lists read of the event when an order was placed.</summary>
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

/// <summary>What the lists read of the event when an order was confirmed.</summary>
internal sealed record ConfirmedOrder(Guid OrderId, Guid UserId);

/// <summary>What the lists read of the event when an order was shipped.</summary>
internal sealed record ShippedOrder(Guid OrderId, Guid UserId);

/// <summary>What the lists read of the event when an order was delivered.</summary>
internal sealed record DeliveredOrder(Guid OrderId, Guid UserId);

/// <summary>What the lists read of the event when an order was cancelled.</summary>
internal sealed record CancelledOrder(Guid OrderId, Guid UserId, string Reason);

/// <summary>What the lists read of Catalog's events when a product is new and when it changed: both have the whole product.</summary>
internal sealed record OfferedProduct(
    Guid ProductId,
    string Name,
    decimal Price,
    string Currency,
    int Version,
    string? Image = null
)
{
    /// <summary>The type of the event when it is new.</summary>
    public const string CreatedType = "shop.catalog.product-created.v1";

    /// <summary>The type of the event when something of it changed.</summary>
    public const string ChangedType = "shop.catalog.product-changed.v1";
}

/// <summary>What the lists read of Catalog's event when a product is gone. Its version is above every version of the product.</summary>
internal sealed record DeletedProduct(Guid ProductId, int Version)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.catalog.product-deleted.v1";
}
