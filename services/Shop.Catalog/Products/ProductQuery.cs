using Shop.Catalog.Domain;

namespace Shop.Catalog.Products;

/// <summary>Which products a list is asked for, checked; broken limits are collected under the parameters' names.</summary>
internal sealed class ProductQuery
{
    private const int MaxPage = 1_000_000;
    private const int MaxPageSize = 100;
    private const int DefaultPageSize = 20;

    public ProductQuery(int? page, int? pageSize, string? category, string? ids)
    {
        Ids = ids is null ? null : ReadIds(ids);
        Page = page ?? 1;
        PageSize = pageSize ?? (ids is null ? DefaultPageSize : MaxPageSize);
        Category = category;

        Demand(Page is >= 1 and <= MaxPage, "page", $"must be from 1 to {MaxPage}");
        Demand(PageSize is >= 1 and <= MaxPageSize, "pageSize", $"must be from 1 to {MaxPageSize}");
        Demand(
            category is null || ProductRules.IsCategory(category),
            "category",
            "must be lower-case words joined by hyphens, such as home-office"
        );
    }

    public Dictionary<string, string[]> Errors { get; } = [];

    public int Page { get; }

    public int PageSize { get; }

    public string? Category { get; }

    /// <summary>Only these products; null for all.</summary>
    public Guid[]? Ids { get; }

    public int Skip => (Page - 1) * PageSize;

    private Guid[] ReadIds(string text)
    {
        var parts = text.Split(',', MaxPageSize + 1, StringSplitOptions.TrimEntries);
        var ids = new Guid[parts.Length];
        var valid = parts.Length <= MaxPageSize;
        for (var i = 0; valid && i < parts.Length; i++)
        {
            valid = Guid.TryParseExact(parts[i], "D", out ids[i]);
        }

        Demand(valid, "ids", $"must be 1 to {MaxPageSize} product ids separated by commas");
        return ids;
    }

    private void Demand(bool holds, string parameter, string rule)
    {
        if (!holds)
        {
            Errors[parameter] = [rule];
        }
    }
}
