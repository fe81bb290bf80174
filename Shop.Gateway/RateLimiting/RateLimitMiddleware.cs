using System.Globalization;
using Shop.Gateway.Edge;

namespace Shop.Gateway.RateLimiting;

/// <summary>
/// Lets a caller through as long as there is something left of its budget, and says in every answer how it stands:
/// <c>RateLimit</c> and <c>RateLimit-Policy</c> as in the IETF's draft, and the three headers of its earlier versions, which
/// clients know.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimiter limiter, IProblemDetailsService problems)
{
    /// <summary>What takes its question in a body, and changes nothing.</summary>
    private static readonly PathString[] ReadByPost = ["/graphql", "/api/orders/quote"];

    public async Task InvokeAsync(HttpContext context)
    {
        // Whoever watches the gateway must see it under load, too.
        if (context.Request.Path.Value is "/healthz" or "/ready")
        {
            await next(context);
            return;
        }

        var decision = await TakeAsync(context);
        Describe(context.Response, decision);
        if (decision.Allowed)
        {
            await next(context);
            return;
        }

        await RefuseAsync(context, decision);
    }

    private async ValueTask<Decision> TakeAsync(HttpContext context)
    {
        var request = context.Request;
        if (SignIn.Is(request))
        {
            return await limiter.SignInAsync(Caller.AddressOf(context), await SignIn.AccountAsync(request));
        }

        var caller = Caller.Of(context);
        return await (IsRead(request) ? limiter.ReadAsync(caller) : limiter.WriteAsync(caller));
    }

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        || HttpMethods.IsHead(request.Method)
        || HttpMethods.IsOptions(request.Method)
        || ReadByPost.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    private static void Describe(HttpResponse response, Decision decision)
    {
        var budget = decision.Budget;
        var untilFull = Seconds((budget.Burst - decision.Remaining) * budget.Interval);
        // An error's page clears the headers, so they are set at the last moment.
        response.OnStarting(() =>
        {
            var headers = response.Headers;
            headers["RateLimit-Policy"] = string.Create(
                CultureInfo.InvariantCulture,
                $"\"default\";q={budget.Burst};w={Seconds(budget.Burst * budget.Interval)}"
            );
            headers["RateLimit"] = string.Create(
                CultureInfo.InvariantCulture,
                $"\"default\";r={decision.Remaining};t={untilFull}"
            );
            headers["RateLimit-Limit"] = budget.Burst.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Remaining"] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = untilFull.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
    }

    private Task RefuseAsync(HttpContext context, Decision decision) =>
        problems.RefuseAsync(
            context,
            StatusCodes.Status429TooManyRequests,
            "too-many-requests",
            "Too many requests",
            $"Wait {Refusal.Seconds(decision.RetryAfter)} s, then repeat; the headers RateLimit-* say how much is left.",
            decision.RetryAfter
        );

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);
}
