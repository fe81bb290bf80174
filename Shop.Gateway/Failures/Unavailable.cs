using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Failures;

/// <summary>The answer 503 that the gateway gives in a service's stead.</summary>
internal static class Unavailable
{
    public static async Task WriteAsync(
        HttpContext context,
        IProblemDetailsService problems,
        string kind,
        string title,
        string detail,
        TimeSpan retryAfter
    )
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await problems.TryWriteAsync(
            new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = new ProblemDetails
                {
                    Status = StatusCodes.Status503ServiceUnavailable,
                    Type = Problems.TypeUri(kind),
                    Title = title,
                    Detail = detail,
                },
            }
        );
    }
}
