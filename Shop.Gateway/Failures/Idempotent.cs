using Microsoft.Net.Http.Headers;

namespace Shop.Gateway.Failures;

/// <summary>Tells the requests that do the same whether they arrive once or twice (RFC 9110, 9.2.2).</summary>
internal static class Idempotent
{
    /// <remarks>
    /// Not PUT and DELETE with a precondition: the second would be told that the first one's change contradicts it.
    /// </remarks>
    public static bool Is(HttpRequest request) =>
        request.Method switch
        {
            "GET" or "HEAD" or "OPTIONS" => true,
            "PUT" or "DELETE" => !request.Headers.ContainsKey(HeaderNames.IfMatch)
                && !request.Headers.ContainsKey(HeaderNames.IfUnmodifiedSince),
            "POST" => request.Headers.ContainsKey("Idempotency-Key"),
            _ => false,
        };
}
