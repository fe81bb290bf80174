using Shop.Search.Data;

namespace Shop.Search.Products;

/// <summary>A page of the search result, in the requested order.</summary>
/// <param name="Items">The products of this page.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="NextCursor">Asks for the next page; null on the last one.</param>
/// <param name="Facets">How what was found could be narrowed down.</param>
internal sealed record SearchAnswer(
    IReadOnlyList<SearchItem> Items,
    long Total,
    string? NextCursor,
    SearchFacets Facets
);

/// <summary>A product that was found.</summary>
internal sealed record SearchItem(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Stock,
    bool InStock
)
{
    public static SearchItem Of(ProductDocument product) =>
        new(
            product.ProductId,
            product.Name,
            product.Description,
            product.Price,
            product.Currency,
            product.Categories,
            product.Image,
            product.Available,
            product.Available > 0
        );
}

/// <summary>Counts by category, as if no category were asked for, and by price, as if no price were.</summary>
/// <param name="Categories">The most frequent first.</param>
/// <param name="Prices">The cheapest first; only those that have products.</param>
internal sealed record SearchFacets(IReadOnlyList<CategoryFacet> Categories, IReadOnlyList<PriceFacet> Prices);

/// <summary>How many products a category has.</summary>
internal sealed record CategoryFacet(string Value, int Count);

/// <summary>How many products cost at least <c>from</c> and less than <c>to</c>; the last range is open.</summary>
internal sealed record PriceFacet(decimal From, decimal? To, int Count);
