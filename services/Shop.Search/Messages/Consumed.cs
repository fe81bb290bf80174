namespace Shop.Search.Messages;

/// <summary>
/// What Search reads of Catalog's events when a product is new and when it changed: both have the whole product.
/// </summary>
/// <param name="ProductId">Which product.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">Plain text.</param>
/// <param name="Price">For one piece.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Categories">Slugs.</param>
/// <param name="Image">A file name, if there is an image.</param>
/// <param name="Version">Grows with every change.</param>
/// <param name="Stock">With how many pieces it begins, until Inventory tells more.</param>
internal sealed record ProductStated(
    Guid ProductId,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Version,
    int Stock = 0
)
{
    /// <summary>The type of the event when it is new.</summary>
    public const string CreatedType = "shop.catalog.product-created.v1";

    /// <summary>The type of the event when something of it changed.</summary>
    public const string ChangedType = "shop.catalog.product-changed.v1";
}

/// <summary>What Search reads of Catalog's event when a product is gone.</summary>
/// <param name="ProductId">Which product.</param>
/// <param name="Version">Above every version of the product.</param>
internal sealed record ProductDeleted(Guid ProductId, int Version)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.catalog.product-deleted.v1";
}

/// <summary>What Search reads of Inventory's event when the stock of a product changed.</summary>
/// <param name="ProductId">Whose stock.</param>
/// <param name="Available">Pieces that can be sold.</param>
/// <param name="Version">Grows with every change of this product's stock.</param>
internal sealed record StockChanged(Guid ProductId, int Available, long Version)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.stock-changed.v1";
}
