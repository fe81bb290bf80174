using System.Globalization;

namespace Shop.Storefront.Components.Shared;

/// <summary>Names of the API as people read them.</summary>
internal static class Words
{
    /// <summary>A category's slug: <c>home-office</c> becomes "Home office".</summary>
    public static string Of(string slug) =>
        slug.Length == 0 ? slug : char.ToUpperInvariant(slug[0]) + slug[1..].Replace('-', ' ');

    /// <summary>A day, such as "1 December 2026".</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
