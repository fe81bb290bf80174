using System.Globalization;
using Microsoft.Net.Http.Headers;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Products;

/// <summary>
/// The ETag of a product, <c>"version.stockVersion"</c>: it changes with everything that a GET shows. A write replaces only
/// what the first part stands for, so it is held against that part alone; else every sale would refuse an edit.
/// </summary>
internal static class ProductTag
{
    public static string Of(int version, long stockVersion) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}.{stockVersion}\"");

    /// <summary>Whether the request names any version in <c>If-Match</c>.</summary>
    public static bool IsNamed(HttpRequest request) => request.Headers.IfMatch.Count > 0;

    /// <summary>Whether <c>If-Match</c> holds for the product (RFC 9110, 13.1.1: strong comparison; <c>*</c> is any version).</summary>
    public static bool Matches(HttpRequest request, Product product) =>
        EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var tags)
        && tags.Any(tag => tag == EntityTagHeaderValue.Any || (!tag.IsWeak && VersionIn(tag) == product.Version));

    private static int? VersionIn(EntityTagHeaderValue tag)
    {
        var value = tag.Tag.AsSpan().Trim('"');
        var dot = value.IndexOf('.');
        return dot > 0 && int.TryParse(value[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }
}
