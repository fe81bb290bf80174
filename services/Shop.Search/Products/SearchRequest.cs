using Shop.ServiceDefaults;

namespace Shop.Search.Products;

/// <summary>What is searched for, checked; broken limits are collected under the parameters' names.</summary>
internal sealed class SearchRequest
{
    public const int MaxTextLength = 200;
    private const decimal HighestPrice = 1_000_000_000m;
    private const int MaxCategoryLength = 40;

    public SearchRequest(
        string? q,
        string? category,
        decimal? minPrice,
        decimal? maxPrice,
        bool? inStock,
        string? sort,
        string? cursor,
        int? pageSize
    )
    {
        Text = q?.Trim() ?? "";
        Category = string.IsNullOrEmpty(category) ? null : category;
        MinPrice = minPrice;
        MaxPrice = maxPrice;
        InStock = inStock ?? false;
        var order = SearchSorts.Parse(sort);
        Sort = order is { } asked && (asked != SearchSort.Relevance || Text.Length > 0) ? asked : SearchSort.Name;
        PageSize = Paging.Of(page: null, pageSize, Errors).PageSize;

        CheckText(q, Errors);
        Demand(
            Category is null || (Category.Length <= MaxCategoryLength && Category.All(IsSlug)),
            "category",
            $"Must be lower-case words joined by hyphens, at most {MaxCategoryLength} characters."
        );
        Demand(order is not null, "sort", $"Must be one of {SearchSorts.Allowed}.");
        DemandPrice(minPrice, "minPrice");
        DemandPrice(maxPrice, "maxPrice");
        Demand(!(minPrice > maxPrice), "maxPrice", "Must not be below minPrice.");

        if (!string.IsNullOrEmpty(cursor) && Errors.Count == 0)
        {
            Cursor = SearchCursor.Read(cursor, Question);
            Demand(
                Cursor is not null,
                "cursor",
                "Must be nextCursor of the page before, sent with the same q, filters and sort; leave it out for the first page."
            );
        }
    }

    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>Empty for everything.</summary>
    public string Text { get; }

    public string? Category { get; }

    public decimal? MinPrice { get; }

    public decimal? MaxPrice { get; }

    /// <summary>Only what can be bought now.</summary>
    public bool InStock { get; }

    /// <summary>Never <see cref="SearchSort.Relevance"/> for everything, where all is equally relevant.</summary>
    public SearchSort Sort { get; }

    public int PageSize { get; }

    /// <summary>Behind which product the page begins; null for the first page.</summary>
    public SearchCursor? Cursor { get; }

    /// <summary>All that decides which products are found, and in which order, in one text: a cursor is good for it alone.</summary>
    public string Question =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Text}\n{Category}\n{MinPrice:0.00##}\n{MaxPrice:0.00##}\n{InStock}\n{Sort}"
        );

    /// <summary>The rules of <c>q</c>, wherever it is asked.</summary>
    public static void CheckText(string? q, Dictionary<string, string[]> errors)
    {
        if (q?.Length > MaxTextLength || q?.Contains('\0') == true)
        {
            errors["q"] = [$"Must have at most {MaxTextLength} characters and no NUL."];
        }
    }

    private void DemandPrice(decimal? price, string parameter) =>
        Demand(price is null or (>= 0 and <= HighestPrice), parameter, $"Must be from 0 to {HighestPrice:0}.");

    private static bool IsSlug(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-';

    private void Demand(bool holds, string parameter, string rule)
    {
        if (!holds)
        {
            Errors.TryAdd(parameter, [rule]);
        }
    }
}
