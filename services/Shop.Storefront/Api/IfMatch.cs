using System.Net.Http.Headers;

namespace Shop.Storefront.Api;

/// <summary>Changes only the version that a page has shown (RFC 9110, 13.1.1).</summary>
internal static class IfMatch
{
    /// <summary>Sets <c>If-Match</c> to an <c>ETag</c> that comes back from a form. What is no tag matches no version.</summary>
    public static Action<HttpRequestHeaders> Of(string? tag) =>
        headers =>
            headers.IfMatch.Add(
                EntityTagHeaderValue.TryParse(tag, out var version) ? version : new EntityTagHeaderValue("\"none\"")
            );
}
