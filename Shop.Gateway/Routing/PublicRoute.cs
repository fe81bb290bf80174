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
        "about",
        "access-denied",
        "account",
        "authorize",
        "availability",
        "basket",
        "cancel",
        "checkout",
        "credit-note",
        "dead-letters",
        "deliver",
        "events",
        "everywhere",
        "failed",
        "invoices",
        "jwks",
        "ledger",
        "lines",
        "login",
        "logout",
        "me",
        "new",
        "notifications",
        "openid-configuration",
        "orders",
        "outbox",
        "password",
        "password-changed",
        "preferences",
        "prices",
        "print",
        "products",
        "quote",
        "redrive",
        "refund",
        "regions",
        "register",
        "restock",
        "retry",
        "revocation",
        "roles",
        "ship",
        "sign-in",
        "sign-out",
        "signin-oidc",
        "signout-callback-oidc",
        "staff",
        "stock",
        "suggest",
        "timeline",
        "token",
        "userinfo",
        "users"
    );

    public static void Name(Activity span, HttpContext context)
    {
        if (
            context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern }
            && PrefixOf(pattern) is { } prefix
        )
        {
            var route = Of(prefix, context.Request.Path.Value ?? "");
            span.DisplayName = $"{span.DisplayName.Split(' ')[0]} {route}";
            span.SetTag("http.route", route);
        }
    }

    private static string? PrefixOf(string pattern) =>
        pattern == ServiceRoutes.PagesPath ? ""
        : pattern.EndsWith(CatchAll, StringComparison.Ordinal) ? pattern[..^CatchAll.Length]
        : null;

    /// <param name="prefix">What the service's paths begin with.</param>
    /// <param name="path">The whole path.</param>
    public static string Of(string prefix, string path) =>
        path.Length <= prefix.Length || path == "/"
            ? prefix is ""
                ? "/"
                : prefix
            : prefix
                + string.Concat(
                    path[prefix.Length..]
                        .Split('/', StringSplitOptions.RemoveEmptyEntries)
                        .Select(segment => Words.Contains(segment) ? $"/{segment}" : "/{id}")
                );
}
