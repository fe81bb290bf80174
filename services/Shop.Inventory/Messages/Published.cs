namespace Shop.Inventory.Messages;

/// <summary>The stock of an order is set aside.</summary>
internal sealed record StockReserved(Guid OrderId)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.inventory.stock-reserved.v1";
}

/// <summary>Nothing was set aside for an order; every line that is short is named.</summary>
internal sealed record StockReservationFailed(Guid OrderId, IReadOnlyList<StockShortage> Shortages)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.inventory.stock-reservation-failed.v1";
}

/// <summary>A line that is short.</summary>
internal sealed record StockShortage(Guid ProductId, int Requested, int Available);

/// <summary>An order holds no stock (any more), be it on request or because its reservation expired.</summary>
internal sealed record StockReleased(Guid OrderId)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.inventory.stock-released.v1";
}

/// <summary>The stock of an order has left.</summary>
internal sealed record StockCommitted(Guid OrderId)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.inventory.stock-committed.v1";
}

/// <summary>What is available of a product changed; an event with a lower version is older.</summary>
internal sealed record StockChanged(Guid ProductId, int Available, long Version)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.inventory.stock-changed.v1";
}
