using System.Net.Mime;

namespace Shop.Gateway.OpenApi;

/// <summary><c>/openapi/v1.json</c>: the whole shop's API, which no service alone describes.</summary>
internal static class ShopDescriptionSetup
{
    public static void AddShopDescription(this IServiceCollection services) => services.AddSingleton<ShopDescription>();

    public static void MapShopDescription(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                ApiDocs.DescriptionPath,
                async (ShopDescription shop, CancellationToken cancellationToken) =>
                    TypedResults.Bytes(await shop.GetAsync(cancellationToken), MediaTypeNames.Application.Json)
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
}
