using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;

namespace Shop.Search.Products;

/// <summary>A product and how well it fits.</summary>
internal sealed class Hit
{
    public required ProductDocument Product { get; init; }

    /// <summary>0 unless the products are sorted by it.</summary>
    public required float Rank { get; init; }
}

/// <summary>
/// Keyset paging: the products behind a place, in the requested order. Places are compared as rows where the order
/// allows it, so that an index finds them.
/// </summary>
internal static class ProductPages
{
    /// <summary>The page behind the place, and one product more if there is one.</summary>
    public static IQueryable<Hit> Page(
        this IQueryable<ProductDocument> products,
        Matching matching,
        SearchRequest request
    )
    {
        var (cursor, count) = (request.Cursor, request.PageSize + 1);
        return request.Sort switch
        {
            SearchSort.Name => products.ByName(cursor).Take(count).Unranked(),
            SearchSort.Price => products.ByPrice(cursor).Take(count).Unranked(),
            SearchSort.PriceDescending => products.ByPriceDescending(cursor).Take(count).Unranked(),
            _ => products.Select(Ranked(matching, request.Text)).ByRank(cursor).Take(count),
        };
    }

    private static IQueryable<ProductDocument> ByName(this IQueryable<ProductDocument> products, SearchCursor? cursor)
    {
        if (cursor is { Name: var name, ProductId: var id })
        {
            products = products.Where(product =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(product.Name, product.ProductId),
                    ValueTuple.Create(name, id)
                )
            );
        }

        return products.OrderBy(product => product.Name).ThenBy(product => product.ProductId);
    }

    private static IQueryable<ProductDocument> ByPrice(this IQueryable<ProductDocument> products, SearchCursor? cursor)
    {
        if (cursor is { Price: var price, Name: var name, ProductId: var id })
        {
            products = products.Where(product =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(product.Price, product.Name, product.ProductId),
                    ValueTuple.Create(price, name, id)
                )
            );
        }

        return products
            .OrderBy(product => product.Price)
            .ThenBy(product => product.Name)
            .ThenBy(product => product.ProductId);
    }

    private static IQueryable<ProductDocument> ByPriceDescending(
        this IQueryable<ProductDocument> products,
        SearchCursor? cursor
    )
    {
        if (cursor is { Price: var price, Name: var name, ProductId: var id })
        {
            // Price falls while names rise, so one row comparison cannot say it. The first condition is for the index.
            products = products.Where(product =>
                product.Price <= price
                && (
                    product.Price < price
                    || EF.Functions.GreaterThan(
                        ValueTuple.Create(product.Name, product.ProductId),
                        ValueTuple.Create(name, id)
                    )
                )
            );
        }

        return products
            .OrderByDescending(product => product.Price)
            .ThenBy(product => product.Name)
            .ThenBy(product => product.ProductId);
    }

    private static IQueryable<Hit> ByRank(this IQueryable<Hit> hits, SearchCursor? cursor)
    {
        if (cursor is { Rank: var rank, Name: var name, ProductId: var id })
        {
            hits = hits.Where(hit =>
                hit.Rank < rank
                || (
                    hit.Rank == rank
                    && EF.Functions.GreaterThan(
                        ValueTuple.Create(hit.Product.Name, hit.Product.ProductId),
                        ValueTuple.Create(name, id)
                    )
                )
            );
        }

        return hits.OrderByDescending(hit => hit.Rank)
            .ThenBy(hit => hit.Product.Name)
            .ThenBy(hit => hit.Product.ProductId);
    }

    private static IQueryable<Hit> Unranked(this IQueryable<ProductDocument> products) =>
        products.Select(product => new Hit { Product = product, Rank = 0 });

    private static Expression<Func<ProductDocument, Hit>> Ranked(Matching matching, string text) =>
        matching == Matching.Words
            ? product => new Hit { Product = product, Rank = product.Words.Rank(SearchFunctions.Query(text)) }
            : product => new Hit
            {
                Product = product,
                Rank = (float)EF.Functions.TrigramsWordSimilarity(SearchFunctions.Key(text), product.NameKey),
            };
}
