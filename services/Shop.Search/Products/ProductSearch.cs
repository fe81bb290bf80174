using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;
using Shop.ServiceDefaults.Data;

namespace Shop.Search.Products;

/// <summary>Searches by words, and by likeness of letters where no product has the words.</summary>
internal sealed class ProductSearch(SearchDbContext db)
{
    /// <summary>From 0 to 1, how alike a part of a name must be: one wrong letter in a word is let pass, another word is not.</summary>
    private const string LeastLikeness = "0.45";

    public async Task<SearchAnswer> FindAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var matching = request.Cursor?.Matching ?? (request.Text.Length == 0 ? Matching.Everything : Matching.Words);
        if (matching != Matching.Likeness)
        {
            var answer = await PageAsync(matching, request, cancellationToken);
            if (
                matching == Matching.Everything
                || answer.Items.Count > 0
                || request.Cursor is not null
                || await db.Matching(matching, request.Text).AnyAsync(cancellationToken)
            )
            {
                return answer;
            }
        }

        return await WithLikenessAsync(
            () => PageAsync(Matching.Likeness, request, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Does something in which <see cref="Matching.Likeness"/> is measured as search wants it.</summary>
    public Task<T> WithLikenessAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async () =>
            {
                // For this transaction only. The operator that can use the index takes the limit from there.
                await db.Database.ExecuteSqlAsync(
                    $"SELECT set_config('pg_trgm.word_similarity_threshold', {LeastLikeness}, true)",
                    cancellationToken
                );
                return await work();
            },
            cancellationToken
        );

    private async Task<SearchAnswer> PageAsync(
        Matching matching,
        SearchRequest request,
        CancellationToken cancellationToken
    )
    {
        var found = db.Matching(matching, request.Text).InStock(request);
        var narrowed = found.InCategory(request).InPriceRange(request);
        var hits = await narrowed.Page(matching, request).ToListAsync(cancellationToken);
        return new SearchAnswer(
            [.. hits.Take(request.PageSize).Select(hit => SearchItem.Of(hit.Product))],
            await narrowed.LongCountAsync(cancellationToken),
            hits.Count > request.PageSize ? CursorBehind(hits[request.PageSize - 1], matching, request) : null,
            await ProductFacets.CountAsync(found, request, cancellationToken)
        );
    }

    private static string CursorBehind(Hit last, Matching matching, SearchRequest request) =>
        new SearchCursor(matching, last.Rank, last.Product.Price, last.Product.Name, last.Product.ProductId).Write(
            request.Question
        );
}
