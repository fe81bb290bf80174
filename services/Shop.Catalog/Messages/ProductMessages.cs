using Shop.Catalog.Domain;

namespace Shop.Catalog.Messages;

/// <summary>
/// Event: a product is new. It has the stock that is shown until Inventory tells more.
/// </summary>
internal sealed record ProductCreated(
    Guid ProductId,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Version,
    int Stock
)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.catalog.product-created.v1";

    public static ProductCreated Of(Product product, int stock) =>
        new(
            product.Id,
            product.Name,
            product.Description,
            product.Price,
            product.Currency,
            product.Categories,
            product.Image,
            product.Version,
            stock
        );
}

/// <summary>Event: a product changed. It has the whole product as it is now, so that order does not matter.</summary>
internal sealed record ProductChanged(
    Guid ProductId,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Version
)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.catalog.product-changed.v1";

    public static ProductChanged Of(Product product) =>
        new(
            product.Id,
            product.Name,
            product.Description,
            product.Price,
            product.Currency,
            product.Categories,
            product.Image,
            product.Version
        );
}

/// <summary>Event: a product is gone. Its version is above every version of the product.</summary>
internal sealed record ProductDeleted(Guid ProductId, int Version)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.catalog.product-deleted.v1";

    public static ProductDeleted Of(Product product) => new(product.Id, product.Version + 1);
}
