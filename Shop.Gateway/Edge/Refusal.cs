using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Edge;

/// <summary>The answer to a request that goes no further than the gateway, as problem details.</summary>
internal static class Refusal
{
    /// <param name="problems">Writes them.</param>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="kind">The kind of problem, such as <c>overloaded</c>.</param>
    /// <param name="title">What is wrong.</param>
    /// <param name="detail">What to do.</param>
    /// <param name="retryAfter">When it may be worth another try, if ever.</param>
    public static async Task RefuseAsync(
        this IProblemDetailsService problems,
        HttpContext context,
        int status,
        string kind,
        string title,
        string detail,
        TimeSpan? retryAfter = null
    )
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } time)
        {
            context.Response.Headers.RetryAfter = Seconds(time).ToString(CultureInfo.InvariantCulture);
        }

        await problems.TryWriteAsync(
            new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = new ProblemDetails
                {
                    Status = status,
                    Type = Problems.TypeUri(kind),
                    Title = title,
                    Detail = detail,
                },
            }
        );
    }

    /// <summary>As <c>Retry-After</c> says it: whole seconds, and at least one.</summary>
    public static long Seconds(TimeSpan retryAfter) => Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
}
