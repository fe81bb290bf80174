using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps what people type out of the address in a request's span: the query goes, and of the path stay the words of the route
/// and ids. Aspire turns off the redaction of queries that the instrumentation does by itself, and paths have none.
/// </summary>
internal static class SpanAddress
{
    private const string Other = "*";

    public static void Clean(Activity span, HttpResponse response)
    {
        span.SetTag("url.query", null);
        var context = response.HttpContext;
        span.SetTag(
            "url.path",
            context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route }
                ? Clean(route, context.Request.Path.Value ?? "")
                : null
        );
    }

    /// <param name="route">The pattern that the path matched.</param>
    /// <param name="path">The path as it came.</param>
    public static string Clean(string route, string path)
    {
        var words = route.Split('/');
        return string.Join('/', path.Split('/').Select(segment => IsSafe(segment) ? segment : Other));

        bool IsSafe(string segment) =>
            segment.Length == 0
            || words.Contains(segment, StringComparer.OrdinalIgnoreCase)
            || Guid.TryParse(segment, out _)
            || long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
