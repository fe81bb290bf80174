using Grpc.Core;
using Shop.Catalog.Data;
using Shop.Catalog.Products;
using Shop.Catalog.Rpc.V1;

namespace Shop.Catalog.Rpc;

/// <summary>The gRPC service <c>shop.catalog.v1.ProductService</c>; the .proto file says what it promises.</summary>
internal sealed class ProductRpc(ProductReader products, CatalogDbContext db) : ProductService.ProductServiceBase
{
    public override async Task<Product> GetProduct(GetProductRequest request, ServerCallContext context) =>
        (await FindAsync(request.ProductId, context)).ToMessage();

    public override async Task<GetProductsResponse> GetProducts(GetProductsRequest request, ServerCallContext context)
    {
        if (request.ProductIds.Count is 0 or > ProductReader.MaxBatch)
        {
            throw RpcErrors.Invalid("product_ids", $"must be 1 to {ProductReader.MaxBatch} ids");
        }

        var ids = request.ProductIds.Select((text, i) => ReadId(text, $"product_ids[{i}]")).ToHashSet();
        var found = await products.FindAsync(ids, context.CancellationToken);
        return new GetProductsResponse
        {
            Products =
            {
                (request.ReturnPartialSuccess ? found.Found : found.Whole()).Select(ProductMessages.ToMessage),
            },
            Unreachable = { found.Unread.Select(id => id.ToString()) },
        };
    }

    public override async Task<CheckAvailabilityResponse> CheckAvailability(
        CheckAvailabilityRequest request,
        ServerCallContext context
    )
    {
        if (request.Quantity is < 1 or > Products.CheckAvailability.MaxQuantity)
        {
            throw RpcErrors.Invalid("quantity", $"must be from 1 to {Products.CheckAvailability.MaxQuantity}");
        }

        var available = (await FindAsync(request.ProductId, context)).Stock;
        return available >= request.Quantity
            ? new CheckAvailabilityResponse { InStock = new InStock { Available = available } }
            : new CheckAvailabilityResponse { OutOfStock = new OutOfStock { Available = available } };
    }

    public override async Task<SearchProductsResponse> SearchProducts(
        SearchProductsRequest request,
        ServerCallContext context
    )
    {
        var page = new ProductPage(request);
        var found = await page.ReadAsync(db, context.CancellationToken);
        return new SearchProductsResponse
        {
            Products = { found.Select(ProductMessages.ToMessage) },
            NextPageToken = page.TokenAfter(found),
        };
    }

    private async Task<ProductSnapshot> FindAsync(string productId, ServerCallContext context)
    {
        var id = ReadId(productId, "product_id");
        return await products.FindAsync(id, context.CancellationToken) ?? throw RpcErrors.NotFound(id);
    }

    private static Guid ReadId(string text, string field) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw RpcErrors.Invalid(field, "must be a UUID with hyphens");
}
