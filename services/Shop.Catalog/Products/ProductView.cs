using Shop.Catalog.Domain;

namespace Shop.Catalog.Products;

/// <summary>A product as the API shows it.</summary>
internal sealed record ProductView(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Stock
)
{
    public static ProductView Of(Product product, int stock) => Of(ProductSnapshot.Of(product, stock, stockVersion: 0));

    public static ProductView Of(ProductSnapshot product) =>
        new(
            product.Id,
            product.Name,
            product.Description,
            product.Price,
            product.Currency,
            product.Categories,
            product.Image,
            product.Stock
        );
}
