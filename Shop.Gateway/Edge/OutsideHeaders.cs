using Microsoft.Net.Http.Headers;

namespace Shop.Gateway.Edge;

/// <summary>
/// Removes the headers by which the system itself says who a user is, where a request came from and when, and those that a
/// request's <c>Connection</c> says are for this connection alone (RFC 9110, 7.6.1).
/// </summary>
internal sealed class OutsideHeaders(RequestDelegate next)
{
    private const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    // What a request cannot do without, whoever calls it the connection's.
    private static readonly string[] Kept = ["Authorization", "Content-", "Host", "Transfer-Encoding"];

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
        headers.Remove(HeaderNames.TE); // of the connection, too, and some forget to say so
        List<string>? ours = null; // as nearly always
        // Where it says close as well, that is all that the server leaves of it.
        foreach (var name in headers.Connection.ToString().Split(',', Tidy))
        {
            if (!BeginsWithOneOf(Kept, name))
            {
                (ours ??= []).Add(name);
            }
        }

        foreach (var (name, _) in headers)
        {
            if (BeginsWithOneOf(Prefixes, name))
            {
                (ours ??= []).Add(name);
            }
        }

        ours?.ForEach(name => headers.Remove(name));
        return next(context);
    }

    private static bool BeginsWithOneOf(string[] prefixes, string name)
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
