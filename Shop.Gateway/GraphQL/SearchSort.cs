using System.ComponentModel;
using System.Diagnostics;

namespace Shop.Gateway.GraphQL;

/// <summary>The orders that <c>sort</c> of <c>/api/search</c> has.</summary>
[Description("The order of what a search found; equal products go by name.")]
internal enum SearchSort
{
    [Description("The best match first; by name without a text.")]
    Relevance,

    [Description("By name.")]
    Name,

    [Description("The cheapest first.")]
    Price,

    [Description("The dearest first.")]
    PriceDescending,
}

/// <summary>The names of the orders in the REST API.</summary>
internal static class SearchSorts
{
    public static string ParameterValue(this SearchSort sort) =>
        sort switch
        {
            SearchSort.Relevance => "relevance",
            SearchSort.Name => "name",
            SearchSort.Price => "price",
            SearchSort.PriceDescending => "-price",
            _ => throw new UnreachableException($"{sort} has no name in the REST API."),
        };
}
