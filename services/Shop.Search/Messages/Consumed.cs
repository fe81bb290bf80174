namespace Shop.Search.Messages;

/// <summary>
/// What search reads of the catalog's events <c>shop.catalog.product-created.v1</c> and <c>product-changed.v1</c>: both have the
/// whole product.
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
);

/// <summary>What search reads of the catalog's event <c>shop.catalog.product-deleted.v1</c>.</summary>
/// <param name="ProductId">Which product.</param>
/// <param name="Version">Above every version of the product.</param>
internal sealed record ProductDeleted(Guid ProductId, int Version);

/// <summary>What search reads of Inventory's event <c>shop.inventory.stock-changed.v1</c>.</summary>
/// <param name="ProductId">Whose stock.</param>
/// <param name="Available">Pieces that can be sold.</param>
/// <param name="Version">Grows with every change of this product's stock.</param>
internal sealed record StockChanged(Guid ProductId, int Available, long Version);
