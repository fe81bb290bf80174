using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Shop.Users.Provider;

namespace Shop.Users.Pages;

/// <summary>
/// Answers with a page that works without scripts. Its content security policy allows its style sheet, by its hash, and forms
/// to this site; what comes of a form may lead to the storefront.
/// </summary>
/// <param name="title">What it is about, as text.</param>
/// <param name="body">What is in it, as HTML.</param>
/// <param name="status">The status code.</param>
internal sealed class Page(string title, string body, int status = StatusCodes.Status200OK) : IResult
{
    private static readonly string StyleHash = Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes(PageStyle.Css))
    );

    /// <summary>A text as HTML.</summary>
    public static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        var storefront = httpContext.RequestServices.GetRequiredService<Storefront>();
        // Browsers hold the policy against where a form's answer redirects to, too.
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action {string.Join(' ', ["'self'", .. storefront.Origins])}; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(Html(), httpContext.RequestAborted);
    }

    private string Html() =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(title)} · Shop</title>
            <style>{PageStyle.Css}</style>
            </head>
            <body>
            <header><a href="/">Shop</a></header>
            <main>
            <h1>{Encode(title)}</h1>
            {body}
            </main>
            </body>
            </html>
            """;
}
