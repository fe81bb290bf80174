using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;

namespace Shop.Search.Products;

/// <summary>Which products fit, narrowed down.</summary>
internal static class ProductMatches
{
    /// <summary>The products that fit the text, whatever else is asked for.</summary>
    public static IQueryable<ProductDocument> Matching(this SearchDbContext db, Matching matching, string text)
    {
        var listed = db.Products.AsNoTracking().Where(product => product.Listed);
        return matching switch
        {
            Products.Matching.Words => listed.Where(product => product.Words.Matches(SearchFunctions.Query(text))),
            Products.Matching.Likeness => listed.Where(product =>
                EF.Functions.TrigramsAreWordSimilar(SearchFunctions.Key(text), product.NameKey)
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
}
