using System.Runtime.CompilerServices;
using Shop.Search.Catalog.V1;
using Shop.Search.Index;

namespace Shop.Search.Catalog;

/// <summary>A product as Catalog has it, and the version of its stock.</summary>
internal sealed record CatalogProduct(ProductFacts Facts, long StockVersion);

/// <summary>Reads all products from Catalog.</summary>
internal sealed class CatalogSnapshot(ProductService.ProductServiceClient catalog)
{
    public const string Service = "catalog";

    private const int PageSize = 100;
    private const decimal NanosPerUnit = 1_000_000_000m;

    /// <summary>All products that were there when it began, page by page, each as it is when its page is read.</summary>
    public async IAsyncEnumerable<IReadOnlyList<CatalogProduct>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var request = new SearchProductsRequest { PageSize = PageSize };
        do
        {
            var page = await catalog.SearchProductsAsync(request, cancellationToken: cancellationToken);
            yield return [.. page.Products.Select(Read)];
            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);
    }

    private static CatalogProduct Read(Product product) =>
        new(
            new ProductFacts(
                Guid.Parse(product.Id),
                product.Name,
                product.Description,
                product.Price.Units + product.Price.Nanos / NanosPerUnit,
                product.Price.CurrencyCode,
                [.. product.Categories],
                product.Image.Length == 0 ? null : product.Image,
                product.Version,
                product.Stock
            ),
            product.StockVersion
        );
}
