using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Shop.ServiceDefaults.Errors;

/// <summary>Refuses a body in an encoding that nobody here can read. The framework takes it for a fault of the server's.</summary>
internal sealed class UnknownCharset(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentType is not { } type || IsKnown(type))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    // Hardly anybody names one, so hardly any is parsed.
    private static bool IsKnown(string contentType)
    {
        if (
            !contentType.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || !MediaTypeHeaderValue.TryParse(contentType, out var type)
            || type.Charset.Length == 0
        )
        {
            return true;
        }

        try
        {
            return Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString()) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
