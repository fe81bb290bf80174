namespace Shop.Gateway.Routing;

/// <summary>Matches paths that may be a page. Below <c>/api</c> is none, so a program that asks for what isn't there gets problem details.</summary>
internal sealed class PagePath : IRouteConstraint
{
    public const string Name = "page";

    /// <inheritdoc />
    public bool Match(
        HttpContext? httpContext,
        IRouter? route,
        string routeKey,
        RouteValueDictionary values,
        RouteDirection routeDirection
    ) =>
        values[routeKey]?.ToString() is not { } path
        || !new PathString("/" + path).StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
