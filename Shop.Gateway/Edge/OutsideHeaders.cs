namespace Shop.Gateway.Edge;

/// <summary>
/// Removes the headers by which the system itself says who a user is, where a request came from and when. In Development
/// <c>X-User-*</c> stay: there they are how a request says it.
/// </summary>
internal sealed class OutsideHeaders(RequestDelegate next, IHostEnvironment environment)
{
    private static readonly string[] Everywhere =
    [
        "X-Forwarded-",
        "X-Original-",
        "X-Rewrite-",
        "X-Real-IP",
        "X-Request-Start",
        "Forwarded",
    ];

    private readonly string[] prefixes = environment.IsDevelopment() ? Everywhere : [.. Everywhere, "X-User-"];

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        foreach (var name in headers.Keys.Where(IsOurs).ToArray())
        {
            headers.Remove(name);
        }

        return next(context);
    }

    private bool IsOurs(string name)
    {
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
