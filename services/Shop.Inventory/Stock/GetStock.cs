using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.ServiceDefaults;

namespace Shop.Inventory.Stock;

/// <summary>The stock of a product as it is told outside.</summary>
internal sealed record StockView(Guid ProductId, int Available, int Reserved, long Version, bool Discontinued);

/// <summary>Query: the stock of one product.</summary>
internal static class GetStock
{
    /// <summary><c>GET /api/inventory/{productId}</c>.</summary>
    public static async Task<Results<Ok<StockView>, ProblemHttpResult>> HandleAsync(
        Guid productId,
        InventoryDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindStockAsync(productId, cancellationToken) is { } stock
            ? TypedResults.Ok(stock)
            : Unknown(productId);

    /// <summary>404: nothing is known of that product.</summary>
    public static ProblemHttpResult Unknown(Guid productId) =>
        Problems.NotFound($"Inventory keeps no stock of product {productId}; check the id in the catalogue.");

    /// <summary>The stock of a product, or null when nothing is known of it.</summary>
    public static Task<StockView?> FindStockAsync(
        this InventoryDbContext db,
        Guid productId,
        CancellationToken cancellationToken
    ) =>
        db
            .StockItems.Where(item => item.ProductId == productId)
            .Select(item => new StockView(
                item.ProductId,
                item.Available,
                item.Reserved,
                item.Version,
                item.IsDiscontinued
            ))
            .SingleOrDefaultAsync(cancellationToken);
}
