using NpgsqlTypes;

namespace Shop.Search.Data;

/// <summary>Functions of the database (made by the first migration), for queries.</summary>
internal static class SearchFunctions
{
    /// <summary><c>search_key</c>: the folded text in letters and digits of ASCII, for likeness.</summary>
    public static string Key(string text) => throw OnlyInQueries();

    /// <summary><c>search_query</c>: what a person asks for, with "quoted phrases", <c>or</c> and <c>-without</c>.</summary>
    public static NpgsqlTsQuery Query(string text) => throw OnlyInQueries();

    /// <summary><c>search_beginning</c>: the words of the text one after the other, the last one begun only.</summary>
    public static NpgsqlTsQuery Beginning(string text) => throw OnlyInQueries();

    private static InvalidOperationException OnlyInQueries() => new("Only the database can do this.");
}
