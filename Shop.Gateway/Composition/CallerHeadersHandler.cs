using Microsoft.Net.Http.Headers;

namespace Shop.Gateway.Composition;

/// <summary>
/// Asks services in the caller's name: with the caller's token, and with what the gateway says about the request. They judge
/// both as if the caller had come to them.
/// </summary>
internal sealed class CallerHeadersHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    private const string IdentityPrefix = "X-User-";
    private const string RequestStart = "X-Request-Start";

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        foreach (var (name, values) in accessor.HttpContext?.Request.Headers ?? new HeaderDictionary())
        {
            if (
                name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
                || name.Equals(RequestStart, StringComparison.OrdinalIgnoreCase)
                || name.StartsWith(IdentityPrefix, StringComparison.OrdinalIgnoreCase)
            )
            {
                // A retry sends the same request once more.
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return base.SendAsync(request, cancellationToken);
    }
}
