using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Products;

/// <summary><c>GET /api/products/{id}</c>: one product with its stock; 304 when the caller has it already.</summary>
internal static class GetProduct
{
    private sealed record Row(Product Product, int Available, long StockVersion);

    private static readonly Func<CatalogDbContext, Guid, CancellationToken, Task<Row?>> Find = EF.CompileAsyncQuery(
        (CatalogDbContext db, Guid id, CancellationToken _) =>
            db
                .Products.AsNoTracking()
                .Where(product => product.Id == id)
                .Join(
                    db.StockLevels,
                    product => product.Id,
                    stock => stock.ProductId,
                    (product, stock) => new Row(product, stock.Available, stock.Version)
                )
                .SingleOrDefault()
    );

    public static async Task<Results<Ok<ProductView>, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id,
        HttpContext http,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await Find(db, id, cancellationToken) is not { } row)
        {
            return ProductProblems.NotFound(id);
        }

        var tag = ProductTag.Of(row.Product.Version, row.StockVersion);
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (IsKnown(http.Request, tag))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return TypedResults.Ok(ProductView.Of(row.Product, row.Available));
    }

    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseStrictList(request.Headers.IfNoneMatch, out var known)
        && known.Any(other =>
            other == EntityTagHeaderValue.Any
            || other.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false)
        );
}
