using Shop.Catalog.Caching;
using Shop.Catalog.Data;
using Shop.Catalog.Messages;
using Shop.Catalog.Products;
using Shop.Catalog.Rpc;
using Shop.Catalog.Stock;
using Shop.Messaging;
using Shop.ServiceDefaults;

namespace Shop.Catalog;

/// <summary>The catalogue: what the shop sells, for how much, and whether there is any left.</summary>
public sealed class CatalogModule : IModule
{
    /// <inheritdoc/>
    public static string Name => "catalog";

    /// <inheritdoc/>
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<CatalogDbContext>("catalogdb", CatalogSeed.RunAsync);
        builder.Services.AddConnectionString(
            CacheConnection.ConnectionName,
            "the Redis that all replicas share; without it each replica keeps to itself",
            SettingNeed.Optional
        );
        builder.Services.AddSingleton<CacheConnection>();
        builder.Services.AddHealthChecks().AddCheck<CacheHealth>("cache");
        builder.Services.AddSingleton<ProductCache>();
        builder.Services.AddSingleton<RemoveAtCommit>();
        builder.Services.ConfigureDbContext<CatalogDbContext>(
            (services, options) => options.AddInterceptors(services.GetRequiredService<RemoveAtCommit>())
        );
        builder.Services.AddScoped<ProductReader>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            // Its answer for unknown services matches any path of two segments, and would win over those of the REST API for a
            // body that is not JSON. To a gRPC client 404 means the same.
            grpc.IgnoreUnknownServices = true;
        });
        builder.AddMessaging<CatalogDbContext>(
            Name,
            messaging =>
                messaging
                    .Event<ProductCreated>(ProductCreated.Type)
                    .Event<ProductChanged>(ProductChanged.Type)
                    .Event<ProductDeleted>(ProductDeleted.Type)
                    .Handle<StockChanged, StockChangedHandler>(StockChanged.Type)
        );
    }

    /// <inheritdoc/>
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapProducts();
        endpoints.MapGrpcService<ProductRpc>().AllowAnonymous();
        endpoints.MapOperations(Name);
    }
}
