using System.Text.Json;
using Polly;

namespace Shop.Ordering.Catalog;

/// <summary>What Ordering reads of a product.</summary>
internal sealed record CatalogProduct(Guid Id, string Name, decimal Price, string Currency);

/// <summary>Asks Catalog for names and prices: one call per order, whatever the number of its lines.</summary>
internal sealed class CatalogClient(HttpClient http, ILogger<CatalogClient> logger)
{
    public static readonly Uri Address = new("https+http://catalog");
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>The products that exist, by id; null when Catalog does not answer in time.</summary>
    public async Task<IReadOnlyDictionary<Guid, CatalogProduct>?> FindAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var products = await http.GetFromJsonAsync<ProductList>(
                $"/api/products?ids={string.Join(',', ids)}",
                cancellationToken
            );
            return products?.Items.ToDictionary(product => product.Id);
        }
        catch (Exception e)
            when (e is HttpRequestException or ExecutionRejectedException or JsonException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            logger.LogWarning(e, "Catalog did not answer; the order is refused for now");
            return null;
        }
    }

    private sealed record ProductList(IReadOnlyList<CatalogProduct> Items);
}
