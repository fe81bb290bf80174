using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;
using Shop.ServiceDefaults.Data;

namespace Shop.Search.Products;

/// <summary>Counts what was found by category and by price.</summary>
internal static class ProductFacets
{
    private const int MaxCategories = 50;

    private static readonly (decimal From, decimal? To)[] Prices =
    [
        (0, 25),
        (25, 50),
        (50, 100),
        (100, 250),
        (250, 500),
        (500, null),
    ];

    public static async Task<SearchFacets> CountAsync(
        IQueryable<ProductDocument> found,
        SearchRequest request,
        CancellationToken cancellationToken
    )
    {
        var categories = await found
            .InPriceRange(request)
            .SelectMany(product => product.Categories)
            .GroupBy(category => category)
            .Select(group => new { Value = group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count)
            .ThenBy(group => EF.Functions.Collate(group.Value, Collations.People))
            .Take(MaxCategories)
            .ToListAsync(cancellationToken);
        var prices = await found
            .InCategory(request)
            .GroupBy(product =>
                product.Price < 25 ? 0
                : product.Price < 50 ? 1
                : product.Price < 100 ? 2
                : product.Price < 250 ? 3
                : product.Price < 500 ? 4
                : 5
            )
            .Select(group => new { Range = group.Key, Count = group.Count() })
            .OrderBy(group => group.Range)
            .ToListAsync(cancellationToken);

        return new SearchFacets(
            categories.ConvertAll(category => new CategoryFacet(category.Value, category.Count)),
            prices.ConvertAll(price => new PriceFacet(Prices[price.Range].From, Prices[price.Range].To, price.Count))
        );
    }
}
