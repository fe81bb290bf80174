using System.Text.Json.Serialization;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Products;

/// <summary>A product with its stock as it was at one moment, for reading.</summary>
/// <param name="Id">Which product.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">Plain text.</param>
/// <param name="Price">For one piece.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Categories">Slugs, the most important first.</param>
/// <param name="Image">A file name, if there is an image.</param>
/// <param name="Version">The product's version (<see cref="Product.Version"/>).</param>
/// <param name="Stock">Pieces that can be sold.</param>
/// <param name="StockVersion">The stock's version (<see cref="StockLevel.Version"/>).</param>
internal sealed record ProductSnapshot(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Version,
    int Stock,
    long StockVersion
)
{
    public static ProductSnapshot Of(Product product, int stock, long stockVersion) =>
        new(
            product.Id,
            product.Name,
            product.Description,
            product.Price,
            product.Currency,
            product.Categories,
            product.Image,
            product.Version,
            stock,
            stockVersion
        );

    /// <summary>Stands for everything that a reader sees of it.</summary>
    [JsonIgnore]
    public string Tag => ProductTag.Of(Version, StockVersion);
}
