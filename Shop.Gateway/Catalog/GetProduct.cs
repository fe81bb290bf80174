using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Shop.Gateway.Catalog.V1;

namespace Shop.Gateway.Catalog;

/// <summary><c>GET /api/products/{id}</c>: one product with its stock; 304 when the caller has it already.</summary>
internal static class GetProduct
{
    public static async Task<Results<Ok<ProductView>, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id,
        HttpContext http,
        ProductBatches products,
        CancellationToken cancellationToken
    )
    {
        if (await products.FindAsync(id, cancellationToken) is not { } product)
        {
            return RpcProblems.NotFound(id);
        }

        var tag = TagOf(product);
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (IsKnown(http.Request, tag))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return TypedResults.Ok(ProductView.Of(product));
    }

    /// <summary>Catalog's own, which it expects in <c>If-Match</c> when the product is changed.</summary>
    private static string TagOf(Product product) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{product.Version}.{product.StockVersion}\"");

    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseStrictList(request.Headers.IfNoneMatch, out var known)
        && known.Any(other =>
            other == EntityTagHeaderValue.Any
            || other.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false)
        );
}
