namespace Shop.Gateway.Edge;

/// <summary>Removes the headers by which the system itself says who a user is, where a request came from and when.</summary>
internal sealed class OutsideHeaders(RequestDelegate next)
{
    private static readonly string[] Prefixes =
    [
        "X-User-",
        "X-Forwarded-",
        "X-Original-",
        "X-Rewrite-",
        "X-Real-IP",
        "X-Request-Start",
        "Forwarded",
    ];

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        List<string>? ours = null; // as nearly always
        foreach (var (name, _) in headers)
        {
            if (IsOurs(name))
            {
                (ours ??= []).Add(name);
            }
        }

        ours?.ForEach(name => headers.Remove(name));
        return next(context);
    }

    private static bool IsOurs(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
