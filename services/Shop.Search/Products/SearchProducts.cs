using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;

namespace Shop.Search.Products;

/// <summary>
/// <c>GET /api/search?q=&amp;category=&amp;minPrice=&amp;maxPrice=&amp;inStock=&amp;cursor=&amp;pageSize=</c>: products that fit, the best first.
/// <c>q</c> may have "quoted phrases", <c>or</c> and <c>-without</c>; without <c>q</c> it is everything by name.
/// </summary>
internal static class SearchProducts
{
    public static async Task<Results<Ok<SearchAnswer>, ProblemHttpResult>> HandleAsync(
        string? q,
        string? category,
        decimal? minPrice,
        decimal? maxPrice,
        bool? inStock,
        string? cursor,
        int? pageSize,
        ProductSearch search,
        CancellationToken cancellationToken
    )
    {
        var request = new SearchRequest(q, category, minPrice, maxPrice, inStock, cursor, pageSize);
        return request.Errors.Count > 0
            ? Problems.Validation(request.Errors)
            : TypedResults.Ok(await search.FindAsync(request, cancellationToken));
    }
}
