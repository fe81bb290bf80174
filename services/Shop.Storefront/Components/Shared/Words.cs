using System.Globalization;

namespace Shop.Storefront.Components.Shared;

/// <summary>Names of the API as people read them.</summary>
internal static class Words
{
    /// <summary>A category's slug: <c>home-office</c> becomes "Home office".</summary>
    public static string Of(string slug) =>
        slug.Length == 0 ? slug : char.ToUpperInvariant(slug[0]) + slug[1..].Replace('-', ' ');

    /// <summary>An order's number as notifications have it. The end of an id: orders of the same minute begin alike.</summary>
    public static string OrderNumber(Guid id) => id.ToString("N")[^8..].ToUpperInvariant();

    /// <summary>A list in a sentence: "e-mail, SMS and push message".</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";

    /// <summary>A day, such as "1 December 2026".</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
