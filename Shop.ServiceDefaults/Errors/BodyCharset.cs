using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Shop.ServiceDefaults.Errors;

/// <summary>
/// Refuses a body in an encoding that nobody here can read, which the framework takes for a fault of the server's; so it does
/// with one that is named in quotes, and those are taken off.
/// </summary>
internal sealed class BodyCharset(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Hardly anybody names one, so hardly any is parsed.
        if (
            context.Request.ContentType is not { } given
            || !given.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || !MediaTypeHeaderValue.TryParse(given, out var type)
            || type.Charset.Length == 0
        )
        {
            return next(context);
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (!IsKnown(charset.ToString()))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        if (charset.Length < type.Charset.Length)
        {
            type.Charset = charset;
            context.Request.ContentType = type.ToString();
        }

        return next(context);
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
