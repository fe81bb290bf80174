using GraphQL;
using Shop.Gateway.Catalog.V1;

namespace Shop.Gateway.Catalog;

/// <summary>A product as the API shows it.</summary>
[Name("Product")]
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
    private const decimal NanosPerUnit = 1_000_000_000m;

    /// <summary>Adding it gives an amount the two decimals that prices are shown with: 19.9 is 19.90.</summary>
    private const decimal Cents = 0.00m;

    [Ignore]
    public static ProductView Of(Product product) =>
        new(
            Guid.Parse(product.Id),
            product.Name,
            product.Description,
            product.Price.Units + product.Price.Nanos / NanosPerUnit + Cents,
            product.Price.CurrencyCode,
            product.Categories,
            product.Image is "" ? null : product.Image,
            product.Stock
        );
}
