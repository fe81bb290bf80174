using Grpc.Core;
using Shop.Ordering.Catalog.V1;

namespace Shop.Ordering.Catalog;

/// <summary>What Ordering reads of a product. <paramref name="Available"/> is a hint; only a reservation makes sure.</summary>
internal sealed record CatalogProduct(Guid Id, string Name, decimal Price, string Currency, int Available);

/// <summary>Asks Catalog for names and prices: one call per order, whatever the number of its lines.</summary>
internal sealed partial class CatalogClient(
    ProductService.ProductServiceClient catalog,
    TimeProvider time,
    ILogger<CatalogClient> logger
)
{
    public const string Service = "catalog";
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private const decimal NanosPerUnit = 1_000_000_000m;

    /// <summary>Somebody waits for the order to be taken: all tries together have no longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>The products that exist, by id; null when Catalog does not answer in time.</summary>
    public async Task<IReadOnlyDictionary<Guid, CatalogProduct>?> FindAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var request = new GetProductsRequest { ProductIds = { ids.Select(id => id.ToString()) } };
        try
        {
            var answer = await catalog.GetProductsAsync(
                request,
                deadline: (time.GetUtcNow() + Limit).UtcDateTime,
                cancellationToken: cancellationToken
            );
            return answer.Products.Select(Read).ToDictionary(product => product.Id);
        }
        // An open circuit breaker is INTERNAL to gRPC.
        catch (Exception exception)
            when (exception is RpcException or OperationCanceledException or FormatException
                && !cancellationToken.IsCancellationRequested
            )
        {
            Log.NoAnswer(logger, exception);
            return null;
        }
    }

    private static CatalogProduct Read(Product product) =>
        new(
            Guid.Parse(product.Id),
            product.Name,
            product.Price.Units + product.Price.Nanos / NanosPerUnit,
            product.Price.CurrencyCode,
            product.Stock
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Catalog did not answer; the order is refused for now")]
        public static partial void NoAnswer(ILogger logger, Exception exception);
    }
}
