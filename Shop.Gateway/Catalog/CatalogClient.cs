using Microsoft.Extensions.Options;
using Shop.Gateway.Catalog.V1;

namespace Shop.Gateway.Catalog;

/// <summary>Asks Catalog over gRPC, all tries of a call together in the time that Catalog has for an answer.</summary>
internal sealed class CatalogClient(
    ProductService.ProductServiceClient catalog,
    IOptions<GatewayOptions> options,
    TimeProvider time
)
{
    /// <summary>The most products that can be asked for at once.</summary>
    public const int MaxBatch = 100;

    private DateTime Deadline => (time.GetUtcNow() + options.Value.TimeoutOf(CatalogSetup.Service)).UtcDateTime;

    public async Task<Product> GetProductAsync(Guid id, CancellationToken cancellationToken) =>
        await catalog.GetProductAsync(
            new GetProductRequest { ProductId = id.ToString() },
            deadline: Deadline,
            cancellationToken: cancellationToken
        );

    /// <summary>Those of up to <see cref="MaxBatch"/> products that exist, in no particular order.</summary>
    public async Task<IReadOnlyList<Product>> GetProductsAsync(
        IEnumerable<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var answer = await GetProductsAsync(ids, returnPartialSuccess: false, cancellationToken);
        return answer.Products;
    }

    /// <summary>The same for ids that have nothing to do with each other: some may be unreachable.</summary>
    public Task<GetProductsResponse> GetReachableProductsAsync(
        IEnumerable<Guid> ids,
        CancellationToken cancellationToken
    ) => GetProductsAsync(ids, returnPartialSuccess: true, cancellationToken);

    public async Task<SearchProductsResponse> ListProductsAsync(
        string? category,
        int pageSize,
        string? pageToken,
        CancellationToken cancellationToken
    ) =>
        await catalog.SearchProductsAsync(
            new SearchProductsRequest
            {
                Category = category ?? "",
                PageSize = pageSize,
                PageToken = pageToken ?? "",
            },
            deadline: Deadline,
            cancellationToken: cancellationToken
        );

    public async Task<CheckAvailabilityResponse> CheckAvailabilityAsync(
        Guid id,
        int quantity,
        CancellationToken cancellationToken
    ) =>
        await catalog.CheckAvailabilityAsync(
            new CheckAvailabilityRequest { ProductId = id.ToString(), Quantity = quantity },
            deadline: Deadline,
            cancellationToken: cancellationToken
        );

    private async Task<GetProductsResponse> GetProductsAsync(
        IEnumerable<Guid> ids,
        bool returnPartialSuccess,
        CancellationToken cancellationToken
    ) =>
        await catalog.GetProductsAsync(
            new GetProductsRequest
            {
                ProductIds = { ids.Select(id => id.ToString()) },
                ReturnPartialSuccess = returnPartialSuccess,
            },
            deadline: Deadline,
            cancellationToken: cancellationToken
        );
}
