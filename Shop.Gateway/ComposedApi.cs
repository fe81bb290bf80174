using Shop.Gateway.Catalog;
using Shop.Gateway.Composition;
using Shop.Gateway.Dashboard;
using Shop.Gateway.Edge;
using Shop.Gateway.GraphQL;
using Shop.Gateway.OpenApi;
using Shop.ServiceDefaults;

namespace Shop.Gateway;

/// <summary>
/// What is composed of several contexts' answers: <c>/graphql</c>, <c>/api/dashboard</c>, and the page <c>/docs</c>. It asks the
/// services over HTTP and gRPC by their names, so the monolith, which has them all in one process, serves it, too.
/// </summary>
public static class ComposedApi
{
    /// <summary>Adds its services. <see cref="ServiceDefaultsExtensions.AddServiceDefaults"/> comes first.</summary>
    public static void AddComposedApi(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder
            .Services.AddSettings<GatewayOptions>(GatewayOptions.Section)
            .Validate(
                options => options.Timeouts.Values.All(timeout => timeout > TimeSpan.Zero),
                "Each of Gateway:Timeouts must be more than 0."
            )
            .Validate(
                options => options.TrustedProxies.All(TrustedProxies.IsAddress),
                "Each of Gateway:TrustedProxies must be an address or a network such as 10.0.0.0/8."
            )
            .Validate(
                options => options.CorsOrigins.All(CorsSetup.IsOrigin),
                "Each of Gateway:CorsOrigins must be an origin such as https://shop.example."
            );
        builder.Services.AddCatalog();
        builder.Services.AddComposition();
        builder.AddShopGraphQL();
    }

    /// <summary>Maps its endpoints.</summary>
    public static void MapComposedApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDashboard();
        endpoints.MapShopGraphQL();
        endpoints.MapApiDocs();
    }
}
