using System.Text.Json.Serialization;

namespace Shop.ServiceDefaults;

/// <summary>A page of a list, as every list of the API is answered: <c>items</c>, <c>page</c>, <c>pageSize</c>, <c>total</c>.</summary>
/// <param name="Items">The entries of this page.</param>
/// <param name="Number">Which page it is; the first is 1.</param>
/// <param name="PageSize">The most entries that a page has.</param>
/// <param name="Total">How many entries all pages have together.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    [property: JsonPropertyName("page")] int Number,
    int PageSize,
    long Total
);

/// <summary>Which page of a list is asked for.</summary>
public readonly record struct Paging
{
    /// <summary>The most entries that can be asked for at once.</summary>
    public const int MaxPageSize = 100;

    internal const int MaxNumber = 1_000_000;
    internal const int DefaultPageSize = 20;

    private Paging(int number, int pageSize) => (Number, PageSize) = (number, pageSize);

    /// <summary>Which page, from 1.</summary>
    public int Number { get; }

    /// <summary>How many entries.</summary>
    public int PageSize { get; }

    /// <summary>How many entries the pages before it have.</summary>
    public int Skip => (Number - 1) * PageSize;

    /// <summary>Reads the parameters <c>page</c> (1 unless given) and <c>pageSize</c> (20 unless given).</summary>
    /// <param name="page">From 1 to 1,000,000.</param>
    /// <param name="pageSize">From 1 to <see cref="MaxPageSize"/>.</param>
    /// <param name="errors">Gets a rule under the name of each parameter that is out of its range.</param>
    public static Paging Of(int? page, int? pageSize, IDictionary<string, string[]> errors)
    {
        var number = InRange("page", page ?? 1, MaxNumber, errors);
        return new Paging(number, InRange("pageSize", pageSize ?? DefaultPageSize, MaxPageSize, errors));
    }

    private static int InRange(string parameter, int value, int most, IDictionary<string, string[]> errors)
    {
        if (value >= 1 && value <= most)
        {
            return value;
        }

        errors[parameter] = [$"Must be from 1 to {most}."];
        return 1;
    }
}
