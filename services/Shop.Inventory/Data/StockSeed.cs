using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Data;

/// <summary>The first stock of the demo catalogue. Products that have stock already keep theirs.</summary>
internal static class StockSeed
{
    /// <summary>Books the seed; run again it changes nothing.</summary>
    public static async Task ApplyAsync(
        InventoryDbContext db,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var stock = await ReadAsync(cancellationToken);
        Guid[] ids = [.. stock.Select(item => item.ProductId)];
        int[] quantities = [.. stock.Select(item => item.Quantity)];
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();

        // Stock and ledger in one statement, so they agree whatever happens in between.
        await db.Database.ExecuteSqlAsync(
            $"""
            with seeded as (
                insert into stock_items (product_id, available, reserved, version)
                select product_id, quantity, 0, 1 from unnest({ids}, {quantities}) as s (product_id, quantity)
                on conflict (product_id) do nothing
                returning product_id, available
            )
            insert into stock_movements (product_id, kind, quantity, available_change, reserved_change, occurred_at)
            select product_id, {StockMove.Received.Kind}, available, available, 0, {now}
            from seeded where available > 0
            """,
            cancellationToken
        );
    }

    /// <summary>The stock that the seed brings.</summary>
    public static async Task<IReadOnlyList<StockQuantity>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var file =
            typeof(StockSeed).Assembly.GetManifestResourceStream("stock.json")
            ?? throw new InvalidOperationException("stock.json is not embedded in the assembly.");
        return await JsonSerializer.DeserializeAsync<List<StockQuantity>>(
                file,
                JsonSerializerOptions.Web,
                cancellationToken
            ) ?? throw new InvalidOperationException("stock.json is empty.");
    }
}
