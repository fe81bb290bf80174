using Shop.Messaging;
using Shop.Search.Catalog;
using Shop.Search.Catalog.V1;
using Shop.Search.Data;
using Shop.Search.Index;
using Shop.Search.Messages;
using Shop.Search.Products;
using Shop.ServiceDefaults;

namespace Shop.Search;

/// <summary>Search: finds products by words, typos and beginnings of words, in a read model of its own.</summary>
public sealed class SearchModule : IModule
{
    /// <inheritdoc />
    public static string Name => "search";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<SearchDbContext>("searchdb");
        builder.AddMessaging<SearchDbContext>(
            Name,
            messaging =>
                messaging
                    .Handle<ProductStated, ProductStatedHandler>(ProductStated.CreatedType)
                    .Handle<ProductStated, ProductStatedHandler>(ProductStated.ChangedType)
                    .Handle<ProductDeleted, ProductDeletedHandler>(ProductDeleted.Type)
                    .Handle<StockChanged, StockChangedHandler>(StockChanged.Type)
        );

        builder.Services.AddScoped<ProductIndex>();
        builder.Services.AddScoped<ProductSearch>();
        builder.Services.AddScoped<Reindex>();
        builder.Services.AddScoped<CatalogSnapshot>();
        builder.Services.AddGrpcServiceClient<ProductService.ProductServiceClient>(CatalogSnapshot.Service);
        builder.Services.AddVerb(Reindex.Verb, Reindex.Description, Reindex.RunAsync);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var search = endpoints.MapGroup("/api/search").WithTags("Search").AllowAnonymous();
        search.MapGet("", SearchProducts.HandleAsync).WithName("SearchProducts");
        search.MapGet("suggest", SuggestProducts.HandleAsync).WithName("SuggestProducts");
        endpoints.MapOperations(Name);
    }
}
