using Microsoft.AspNetCore.Http.Extensions;

namespace Shop.Storefront.Pages.Catalogue;

/// <summary>What the catalogue's address asks for. The texts go to the API as they are, which checks them.</summary>
public sealed record CatalogueQuery(
    string? Text,
    string? Category,
    string? MinPrice,
    string? MaxPrice,
    string? InStock,
    string Sort,
    string? Cursor
)
{
    private const int PageSize = 24;

    /// <summary>The address of this query's page at a cursor.</summary>
    public string Address(string? cursor) => "/products" + ToQuery(this with { Cursor = cursor });

    /// <summary>The address with another category; the paging begins anew.</summary>
    public string WithCategory(string? category) =>
        "/products" + ToQuery(this with { Category = category, Cursor = null });

    /// <summary>The address with another price range; the paging begins anew.</summary>
    public string WithPrices(string? min, string? max) =>
        "/products" + ToQuery(this with { MinPrice = min, MaxPrice = max, Cursor = null });

    /// <summary>The address with or without what can't be bought now; the paging begins anew.</summary>
    public string WithInStock(bool inStock) =>
        "/products" + ToQuery(this with { InStock = inStock ? "true" : null, Cursor = null });

    /// <summary>The parameters for a form that sets one of them; the paging begins anew.</summary>
    public IEnumerable<(string Name, string Value)> Without(string name) =>
        Parameters(this with { Cursor = null }).Where(parameter => parameter.Name != name);

    /// <summary>The query of the search API.</summary>
    public QueryString ApiQuery()
    {
        var query = new QueryBuilder(Parameters(this).Select(p => KeyValuePair.Create(p.Name, p.Value)))
        {
            { "pageSize", PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        };
        return query.ToQueryString();
    }

    private static QueryString ToQuery(CatalogueQuery query) =>
        QueryString.Create(Parameters(query).Select(p => KeyValuePair.Create(p.Name, (string?)p.Value)));

    private static IEnumerable<(string Name, string Value)> Parameters(CatalogueQuery query)
    {
        (string, string?)[] all =
        [
            ("q", query.Text?.Trim()),
            ("category", query.Category),
            ("minPrice", query.MinPrice),
            ("maxPrice", query.MaxPrice),
            ("inStock", query.InStock),
            ("sort", query.Sort == "relevance" ? null : query.Sort),
            ("cursor", query.Cursor),
        ];
        foreach (var (name, value) in all)
        {
            if (!string.IsNullOrEmpty(value))
            {
                yield return (name, value);
            }
        }
    }
}
