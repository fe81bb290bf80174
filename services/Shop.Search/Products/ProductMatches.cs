using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;

namespace Shop.Search.Products;

/// <summary>A product and how well it fits.</summary>
internal sealed class Hit
{
    public required ProductDocument Product { get; init; }

    public required float Rank { get; init; }
}

/// <summary>The queries: which products fit, narrowed down, in order, and behind a place.</summary>
internal static class ProductMatches
{
    /// <summary>The products that fit the text, whatever else is asked for.</summary>
    public static IQueryable<ProductDocument> Matching(this SearchDbContext db, Matching matching, string text)
    {
        var listed = db.Products.AsNoTracking().Where(product => product.Listed);
        return matching switch
        {
            Products.Matching.Words => listed.Where(product =>
                product.Words.Matches(EF.Functions.WebSearchToTsQuery(SearchFunctions.Configuration, text))
            ),
            Products.Matching.Likeness => listed.Where(product =>
                EF.Functions.TrigramsAreWordSimilar(SearchFunctions.Fold(text), product.NameKey)
            ),
            _ => listed,
        };
    }

    public static IQueryable<ProductDocument> InStock(
        this IQueryable<ProductDocument> products,
        SearchRequest request
    ) => request.InStock ? products.Where(product => product.Available > 0) : products;

    public static IQueryable<ProductDocument> InCategory(
        this IQueryable<ProductDocument> products,
        SearchRequest request
    ) => request.Category is { } category ? products.Where(product => product.Categories.Contains(category)) : products;

    public static IQueryable<ProductDocument> InPriceRange(
        this IQueryable<ProductDocument> products,
        SearchRequest request
    )
    {
        if (request.MinPrice is { } least)
        {
            products = products.Where(product => product.Price >= least);
        }

        return request.MaxPrice is { } most ? products.Where(product => product.Price <= most) : products;
    }

    /// <summary>The page behind the place, and one product more if there is one.</summary>
    public static IQueryable<Hit> Page(
        this IQueryable<ProductDocument> products,
        Matching matching,
        SearchRequest request
    ) =>
        matching == Products.Matching.Everything
            ? products.PageByName(request.Cursor, request.PageSize + 1)
            : products.Select(Ranked(matching, request.Text)).PageByRank(request.Cursor, request.PageSize + 1);

    private static IQueryable<Hit> PageByName(
        this IQueryable<ProductDocument> products,
        SearchCursor? cursor,
        int count
    )
    {
        if (cursor is { NameKey: var name, ProductId: var id })
        {
            // Compared as a row, the index finds the place.
            products = products.Where(product =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(product.NameKey, product.ProductId),
                    ValueTuple.Create(name, id)
                )
            );
        }

        return products
            .OrderBy(product => product.NameKey)
            .ThenBy(product => product.ProductId)
            .Take(count)
            .Select(product => new Hit { Product = product, Rank = 0 });
    }

    private static IQueryable<Hit> PageByRank(this IQueryable<Hit> hits, SearchCursor? cursor, int count)
    {
        if (cursor is { Rank: var rank, NameKey: var name, ProductId: var id })
        {
            hits = hits.Where(hit =>
                hit.Rank < rank
                || (
                    hit.Rank == rank
                    && EF.Functions.GreaterThan(
                        ValueTuple.Create(hit.Product.NameKey, hit.Product.ProductId),
                        ValueTuple.Create(name, id)
                    )
                )
            );
        }

        return hits.OrderByDescending(hit => hit.Rank)
            .ThenBy(hit => hit.Product.NameKey)
            .ThenBy(hit => hit.Product.ProductId)
            .Take(count);
    }

    private static Expression<Func<ProductDocument, Hit>> Ranked(Matching matching, string text) =>
        matching == Products.Matching.Words
            ? product => new Hit
            {
                Product = product,
                Rank = product.Words.Rank(EF.Functions.WebSearchToTsQuery(SearchFunctions.Configuration, text)),
            }
            : product => new Hit
            {
                Product = product,
                Rank = (float)EF.Functions.TrigramsWordSimilarity(SearchFunctions.Fold(text), product.NameKey),
            };
}
