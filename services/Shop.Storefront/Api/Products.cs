namespace Shop.Storefront.Api;

/// <summary>A product as a list or a page shows it.</summary>
public sealed record Product(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image,
    int Stock
);

/// <summary>Whether so many pieces are there.</summary>
public sealed record Availability(bool Available, int AvailableStock);

/// <summary>What a search found.</summary>
public sealed record SearchPage(IReadOnlyList<Product> Items, long Total, string? NextCursor, Facets Facets);

/// <summary>How the result could be narrowed down.</summary>
public sealed record Facets(IReadOnlyList<CategoryFacet> Categories, IReadOnlyList<PriceFacet> Prices);

public sealed record CategoryFacet(string Value, int Count);

public sealed record PriceFacet(decimal From, decimal? To, int Count);

/// <summary>Names that begin like the text.</summary>
public sealed record Suggestions(IReadOnlyList<Suggestion> Items);

public sealed record Suggestion(Guid Id, string Name, IReadOnlyList<Highlight> Highlights);

public sealed record Highlight(int Start, int Length);
