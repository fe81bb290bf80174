using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;

namespace Shop.Search.Products;

/// <summary>
/// <c>GET /api/search?q=&amp;category=&amp;minPrice=&amp;maxPrice=&amp;inStock=&amp;sort=&amp;cursor=&amp;pageSize=</c>: products that fit.
/// <c>q</c> may have "quoted phrases", <c>or</c> and <c>-without</c>; without <c>q</c> it is everything by name.
/// </summary>
internal static class SearchProducts
{
    /// <param name="q">Words, "quoted phrases", `or` and `-without`; at most 200 characters. Leave it out for everything.</param>
    /// <param name="category">A category's slug, such as `home-office`.</param>
    /// <param name="minPrice">Only what costs at least this.</param>
    /// <param name="maxPrice">Only what costs at most this.</param>
    /// <param name="inStock">Only what can be bought now.</param>
    /// <param name="sort">
    /// `relevance` (the default: the best match first, or by name without `q`), `name`, `price` (the cheapest first) or
    /// `-price` (the dearest first). Equal products go by name.
    /// </param>
    /// <param name="cursor">`nextCursor` of the page before, sent with the same `q`, filters and `sort`.</param>
    /// <param name="pageSize">The most products of a page.</param>
    /// <param name="search">Finds them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Results<Ok<SearchAnswer>, ProblemHttpResult>> HandleAsync(
        string? q,
        string? category,
        decimal? minPrice,
        decimal? maxPrice,
        bool? inStock,
        string? sort,
        string? cursor,
        int? pageSize,
        ProductSearch search,
        CancellationToken cancellationToken
    )
    {
        var request = new SearchRequest(q, category, minPrice, maxPrice, inStock, sort, cursor, pageSize);
        return request.Errors.Count > 0
            ? Problems.Validation(request.Errors)
            : TypedResults.Ok(await search.FindAsync(request, cancellationToken));
    }
}
