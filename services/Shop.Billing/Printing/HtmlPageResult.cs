using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Shop.Billing.Printing;

/// <summary>
/// Answers with a page that may do nothing but look as it does: its content security policy allows the style sheet in it,
/// by its hash, and nothing else.
/// </summary>
internal sealed class HtmlPageResult(Html page) : IResult
{
    /// <summary>The policy of every page.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Hash(DocumentStyle.Css)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-store";
        headers["Referrer-Policy"] = "no-referrer";
        httpContext.Response.ContentType = new MediaTypeHeaderValue("text/html") { Charset = "utf-8" }.ToString();
        return httpContext.Response.WriteAsync(page.ToString(), httpContext.RequestAborted);
    }

    private static string Hash(string css) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
}
