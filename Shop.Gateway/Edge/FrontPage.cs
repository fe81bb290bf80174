using Shop.Gateway.OpenApi;

namespace Shop.Gateway.Edge;

/// <summary><c>GET /</c>: where to go from here.</summary>
internal static class FrontPage
{
    private sealed record Links(
        string Products,
        string Orders,
        string Docs,
        string OpenApi,
        string Health,
        string Readiness
    );

    private sealed record Page(string Name, Links Links);

    private static readonly Page Content = new(
        "Shop",
        new Links("/api/products", "/api/orders", ApiDocs.PagePath, ApiDocs.DescriptionPath, "/healthz", "/ready")
    );

    public static void MapFrontPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/", () => TypedResults.Ok(Content)).AllowAnonymous().ExcludeFromDescription();
}
