using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Shop.Gateway.Edge;

/// <summary>
/// Refuses what two servers could read in two ways, as whoever sends it hopes: a body of two lengths (RFC 9112, 6.1), a path
/// that is encoded twice, of which each server decodes a part, and two headers where one counts.
/// </summary>
internal sealed partial class AmbiguousRequest(RequestDelegate next, IProblemDetailsService problems)
{
    /// <summary>Under that name the server keeps a <c>Content-Length</c> that came with a <c>Transfer-Encoding</c>.</summary>
    private const string SecondLength = "X-Content-Length";

    private static readonly string[] Single = [HeaderNames.Authorization, HeaderNames.ContentType, "Idempotency-Key"];

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && headers.ContainsKey(SecondLength))
        {
            context.Response.Headers.Connection = "close";
            return RefuseAsync(context, "The body has two lengths", "Send either Content-Length or Transfer-Encoding.");
        }

        if (EncodedTwice().IsMatch(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            return RefuseAsync(context, "The path is encoded twice", "Encode each segment of the path once.");
        }

        foreach (var name in Single)
        {
            if (headers[name].Count > 1)
            {
                return RefuseAsync(context, $"{name} comes more than once", $"Send one {name} header.");
            }
        }

        return next(context);
    }

    private Task RefuseAsync(HttpContext context, string title, string detail) =>
        problems.RefuseAsync(context, StatusCodes.Status400BadRequest, "bad-request", title, detail);

    // A percent sign, and after it what would be decoded next.
    [GeneratedRegex("^[^?]*%25[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex EncodedTwice();
}
