using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;
using Shop.ServiceDefaults;

namespace Shop.Search.Products;

/// <summary>
/// <c>GET /api/search/suggest?q=</c>: up to ten names with a word that begins like this, while somebody types; names with alike
/// words when there is none.
/// </summary>
internal static class SuggestProducts
{
    private const int MaxSuggestions = 10;

    /// <summary>Fewer letters than this are like too much.</summary>
    private const int LeastForLikeness = 3;

    /// <summary>The names, the likeliest first.</summary>
    internal sealed record SuggestAnswer(IReadOnlyList<Suggestion> Items);

    /// <summary>A product's name, and where in it the text is.</summary>
    /// <param name="Id">The product.</param>
    /// <param name="Name">Plain text, not HTML.</param>
    /// <param name="Highlights">In characters of the name; empty where only letters are alike.</param>
    internal sealed record Suggestion(Guid Id, string Name, IReadOnlyList<Highlight> Highlights);

    /// <param name="q">What has been typed so far; at most 200 characters.</param>
    /// <param name="db">The products.</param>
    /// <param name="search">Finds those that are alike.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Results<Ok<SuggestAnswer>, ProblemHttpResult>> HandleAsync(
        string? q,
        SearchDbContext db,
        ProductSearch search,
        CancellationToken cancellationToken
    )
    {
        var errors = new Dictionary<string, string[]>();
        SearchRequest.CheckText(q, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var text = q?.Trim() ?? "";
        if (text.Length == 0)
        {
            return TypedResults.Ok(new SuggestAnswer([]));
        }

        var found = await Beginning(db, text).ToListAsync(cancellationToken);
        if (found.Count == 0 && text.Length >= LeastForLikeness)
        {
            found = await search.WithLikenessAsync(
                () => Alike(db, text).ToListAsync(cancellationToken),
                cancellationToken
            );
        }

        var highlights = await Highlight.FindAsync(
            db,
            text,
            found.ConvertAll(product => product.Name),
            cancellationToken
        );
        return TypedResults.Ok(
            new SuggestAnswer([
                .. found.Zip(highlights, (product, places) => new Suggestion(product.Id, product.Name, places)),
            ])
        );
    }

    internal sealed record Found(Guid Id, string Name);

    /// <summary>Those that begin with it before those with a later word that does; what can be bought before what cannot.</summary>
    internal static IQueryable<Found> Beginning(SearchDbContext db, string text) =>
        db
            .Products.AsNoTracking()
            .Where(product => product.Listed && product.NameWords.Matches(SearchFunctions.Beginning(text)))
            .OrderByDescending(product => product.NameKey.StartsWith(SearchFunctions.Key(text)))
            .ThenByDescending(product => product.Available > 0)
            .ThenBy(product => product.Name)
            .ThenBy(product => product.ProductId)
            .Select(product => new Found(product.ProductId, product.Name))
            .Take(MaxSuggestions);

    private static IQueryable<Found> Alike(SearchDbContext db, string text) =>
        db.Matching(Matching.Likeness, text)
            .OrderByDescending(product =>
                EF.Functions.TrigramsWordSimilarity(SearchFunctions.Key(text), product.NameKey)
            )
            .ThenBy(product => product.Name)
            .ThenBy(product => product.ProductId)
            .Select(product => new Found(product.ProductId, product.Name))
            .Take(MaxSuggestions);
}
