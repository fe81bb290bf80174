namespace Shop.Search.Data;

/// <summary>Functions of the database (made by the first migration), for queries.</summary>
internal static class SearchFunctions
{
    /// <summary>The text search configuration: English without accents.</summary>
    public const string Configuration = "shop";

    /// <summary><c>search_fold</c>: the text without accents in lower case.</summary>
    public static string Fold(string text) => throw OnlyInQueries();

    /// <summary><c>search_like</c>: the folded text as a pattern of LIKE that means just itself.</summary>
    public static string Like(string text) => throw OnlyInQueries();

    private static InvalidOperationException OnlyInQueries() => new("Only the database can do this.");
}
