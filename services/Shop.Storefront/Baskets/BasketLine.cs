namespace Shop.Storefront.Baskets;

/// <summary>A product in a basket, with the price that the shopper saw when it was put there.</summary>
internal sealed class BasketLine
{
    /// <summary>The user's id, or the random id in an anonymous browser's cookie.</summary>
    public required Guid BasketId { get; init; }

    public required Guid ProductId { get; init; }

    /// <summary>At least 1.</summary>
    public required int Quantity { get; set; }

    /// <summary>The product's name then, shown when it has been discontinued.</summary>
    public required string Name { get; set; }

    /// <summary>The price of one piece that the shopper has seen.</summary>
    public required decimal SeenPrice { get; set; }

    /// <summary>The price's currency (ISO 4217).</summary>
    public required string Currency { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }
}
