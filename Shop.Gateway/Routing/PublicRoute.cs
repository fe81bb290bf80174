using System.Collections.Frozen;
using System.Diagnostics;

namespace Shop.Gateway.Routing;

/// <summary>
/// Names the span of a request that is passed on by its public route, such as <c>POST /api/orders/{id}/cancel</c>: the gateway's
/// own route (<c>/api/orders/{**rest}</c>) does not identify the operation.
/// </summary>
internal static class PublicRoute
{
    private const string CatchAll = "/{**rest}";

    // What else is in a path is an id, or what somebody typed: a name would then be one of very many, and could be personal.
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        "authorize",
        "availability",
        "cancel",
        "credit-note",
        "dead-letters",
        "deliver",
        "jwks",
        "login",
        "logout",
        "me",
        "openid-configuration",
        "outbox",
        "password",
        "preferences",
        "print",
        "redrive",
        "refund",
        "register",
        "restock",
        "retry",
        "roles",
        "ship",
        "suggest",
        "timeline",
        "token",
        "userinfo"
    );

    public static void Name(Activity span, HttpContext context)
    {
        if (
            context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern }
            && pattern.EndsWith(CatchAll, StringComparison.Ordinal)
        )
        {
            var route = Of(pattern[..^CatchAll.Length], context.Request.Path.Value ?? "");
            span.DisplayName = $"{span.DisplayName.Split(' ')[0]} {route}";
            span.SetTag("http.route", route);
        }
    }

    /// <param name="prefix">What the service's paths begin with.</param>
    /// <param name="path">The whole path.</param>
    public static string Of(string prefix, string path) =>
        path.Length <= prefix.Length
            ? prefix
            : prefix
                + string.Concat(
                    path[prefix.Length..]
                        .Split('/', StringSplitOptions.RemoveEmptyEntries)
                        .Select(segment => Words.Contains(segment) ? $"/{segment}" : "/{id}")
                );
}
