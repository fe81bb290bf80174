using Shop.Gateway.Catalog.V1;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Catalog;

/// <summary>
/// The two questions about a single product, which the gateway translates to gRPC. Whatever else is asked of
/// <c>/api/products</c> goes to Catalog as it is.
/// </summary>
internal static class CatalogSetup
{
    /// <summary>Its name in service discovery.</summary>
    public const string Service = "catalog";

    public static void AddCatalog(this IServiceCollection services)
    {
        services.AddGrpcServiceClient<ProductService.ProductServiceClient>(Service);
        services.AddSingleton<CatalogClient>();
        services.AddSingleton<ProductBatches>();
    }

    public static void MapCatalog(this IEndpointRouteBuilder endpoints)
    {
        var product = endpoints
            .MapGroup("/api/products/{id:guid}")
            .WithTags("Products")
            .AllowAnonymous()
            .AddEndpointFilter<RpcProblems>();
        product.MapGet("", GetProduct.HandleAsync).WithName("GetProduct");
        product.MapGet("availability", CheckAvailability.HandleAsync).WithName("CheckAvailability");
    }
}
