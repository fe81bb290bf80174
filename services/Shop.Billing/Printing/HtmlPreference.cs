using Microsoft.Net.Http.Headers;

namespace Shop.Billing.Printing;

/// <summary>Whether a caller would rather have a page than JSON, as a browser does.</summary>
internal static class HtmlPreference
{
    /// <summary>True when <c>text/html</c> is asked for by name, and JSON not with more weight.</summary>
    public static bool IsIn(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Weight(accepted, "text/html") is > 0 and var html && html >= Weight(accepted, "application/json");
    }

    private static double Weight(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted
            .Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(range => range.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();
}
