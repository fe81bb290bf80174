namespace Shop.Search.Products;

/// <summary>The order of what was found. Equal products go by name, then by id.</summary>
internal enum SearchSort
{
    /// <summary>The best match first. Without a text it means <see cref="Name"/>.</summary>
    Relevance,

    /// <summary>By name, as people expect it: case and accents only decide between equal words.</summary>
    Name,

    /// <summary>The cheapest first.</summary>
    Price,

    /// <summary>The dearest first.</summary>
    PriceDescending,
}

/// <summary>The values of the parameter <c>sort</c>.</summary>
internal static class SearchSorts
{
    public const string Allowed = "relevance, name, price, -price";

    /// <summary>The order that a value stands for, <c>relevance</c> if there is none; null for an unknown value.</summary>
    public static SearchSort? Parse(string? value) =>
        value switch
        {
            null or "" or "relevance" => SearchSort.Relevance,
            "name" => SearchSort.Name,
            "price" => SearchSort.Price,
            "-price" => SearchSort.PriceDescending,
            _ => null,
        };
}
