namespace Shop.Storefront.Components.Shared;

/// <summary>Names of the API as people read them.</summary>
internal static class Words
{
    /// <summary>A category's slug: <c>home-office</c> becomes "Home office".</summary>
    public static string Of(string slug) =>
        slug.Length == 0 ? slug : char.ToUpperInvariant(slug[0]) + slug[1..].Replace('-', ' ');
}
