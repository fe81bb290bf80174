using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Shop.Catalog.Products;

/// <summary><c>GET /api/products/{id}</c>: one product with its stock; 304 when the caller has it already.</summary>
internal static class GetProduct
{
    public static async Task<Results<Ok<ProductView>, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id,
        HttpContext http,
        ProductReader products,
        CancellationToken cancellationToken
    )
    {
        if (await products.FindAsync(id, cancellationToken) is not { } product)
        {
            return ProductProblems.NotFound(id);
        }

        http.Response.Headers.ETag = product.Tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (IsKnown(http.Request, product.Tag))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return TypedResults.Ok(ProductView.Of(product));
    }

    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseStrictList(request.Headers.IfNoneMatch, out var known)
        && known.Any(other =>
            other == EntityTagHeaderValue.Any
            || other.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false)
        );
}
