using Shop.Inventory.Data;
using Shop.Inventory.Messages;
using Shop.Inventory.Products;
using Shop.Inventory.Reservations;
using Shop.Inventory.Stock;
using Shop.Messaging;
using Shop.ServiceDefaults;

namespace Shop.Inventory;

/// <summary>Inventory: what is in stock, what is set aside for orders, and the ledger of every movement.</summary>
public sealed class InventoryModule : IModule
{
    /// <inheritdoc />
    public static string Name => "inventory";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<InventoryDbContext>("inventorydb", StockSeed.ApplyAsync);
        builder.AddMessaging<InventoryDbContext>(
            Name,
            messaging =>
                messaging
                    .Handle<ReserveStock, ReserveStockHandler>(ReserveStock.Type)
                    .Handle<ReleaseStock, ReleaseStockHandler>(ReleaseStock.Type)
                    .Handle<CommitStock, CommitStockHandler>(CommitStock.Type)
                    .Handle<OfferedProduct, ProductHandler>(OfferedProduct.CreatedType)
                    .Handle<OfferedProduct, ProductHandler>(OfferedProduct.ChangedType)
                    .Handle<RemovedProduct, ProductHandler>(RemovedProduct.Type)
                    .Event<StockReserved>(StockReserved.Type)
                    .Event<StockReservationFailed>(StockReservationFailed.Type)
                    .Event<StockReleased>(StockReleased.Type)
                    .Event<StockCommitted>(StockCommitted.Type)
                    .Event<StockChanged>(StockChanged.Type)
        );
        builder.Services.AddSettings<InventoryOptions>("Inventory");
        builder.Services.AddScoped<StockLedger>();
        builder.Services.AddSingleton<ReservationMetrics>();
        builder.Services.AddHostedService<ReservationExpiry>();
        AddAnnouncements(builder.Services);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var inventory = endpoints.MapGroup("/api/inventory").WithTags("Inventory");
        inventory.MapGet("", ListStock.HandleAsync).WithName("ListStock").RequireAuthorization(Policies.Operator);
        inventory
            .MapGet("/{productId:guid}/ledger", ListLedger.HandleAsync)
            .WithName("ListLedger")
            .RequireAuthorization(Policies.Operator);
        inventory.MapGet("/{productId:guid}", GetStock.HandleAsync).WithName("GetStock").RequireAuthorization();
        inventory
            .MapPost("/{productId:guid}/restock", Restock.HandleAsync)
            .WithName("Restock")
            .ProducesProblems(StatusCodes.Status409Conflict)
            .WithBodyExample(new RestockRequest(25))
            .RequireAuthorization(Policies.Operator);
        endpoints.MapOperations(Name);
    }

    private static void AddAnnouncements(IServiceCollection services)
    {
        services.AddSingleton<MovedStock>();
        services.ConfigureDbContext<InventoryDbContext>(
            (provider, options) =>
                options.AddInterceptors(new TellMovedStockAtCommit(provider.GetRequiredService<MovedStock>()))
        );
        services.AddSingleton<StockAnnouncer>();
        services.AddHostedService(provider => provider.GetRequiredService<StockAnnouncer>());
    }
}
