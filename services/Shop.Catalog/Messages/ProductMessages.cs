using Shop.Catalog.Domain;

namespace Shop.Catalog.Messages;

/// <summary>
/// Event <c>shop.catalog.product-created.v1</c>: the product, and the stock that is shown until Inventory tells more.
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

/// <summary>Event <c>shop.catalog.product-changed.v1</c>: the whole product as it is now, so that order does not matter.</summary>
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

/// <summary>Event <c>shop.catalog.product-deleted.v1</c>; its version is above every version of the product.</summary>
internal sealed record ProductDeleted(Guid ProductId, int Version)
{
    public static ProductDeleted Of(Product product) => new(product.Id, product.Version + 1);
}
