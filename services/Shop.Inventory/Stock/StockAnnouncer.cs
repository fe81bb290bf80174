using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Inventory.Data;
using Shop.Inventory.Messages;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;

namespace Shop.Inventory.Stock;

/// <summary>
/// Tells the others what is available of the products that have moved: the level after the last of many changes instead of
/// every change, since a product that everybody buys would otherwise be an event per order to everybody who shows it. What
/// has not been told is a fact in the database (a version above the announced one), so nothing is forgotten in a crash.
/// </summary>
internal sealed partial class StockAnnouncer(
    MovedStock moved,
    IServiceScopeFactory scopes,
    IOptions<InventoryOptions> options,
    TimeProvider time,
    ILogger<StockAnnouncer> logger
) : BackgroundService
{
    private const int Batch = 200;

    /// <summary>Tells the levels of these products, as far as they have not been told.</summary>
    public async Task AnnounceAsync(IEnumerable<Guid> products, CancellationToken cancellationToken)
    {
        foreach (var batch in products.Order().Chunk(Batch))
        {
            await AnnounceBatchAsync(batch, cancellationToken);
        }
    }

    /// <summary>Tells every level that has not been told.</summary>
    public async Task AnnounceAllAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InventoryDbContext>();
        var products = await (
            from item in db.StockItems
            where !db.StockAnnouncements.Any(told => told.ProductId == item.ProductId && told.Version >= item.Version)
            select item.ProductId
        ).ToListAsync(cancellationToken);
        await AnnounceAsync(products, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await AnnounceAllAsync(stoppingToken);
                await AnnounceMovedAsync(
                    until: time.GetUtcNow() + options.Value.AnnouncementSweepInterval,
                    stoppingToken
                );
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The hints of this round are gone; the sweep, which comes next, finds the products.
                Log.NotAnnounced(logger, exception);
                await Task.Delay(options.Value.AnnouncementInterval, time, stoppingToken);
            }
        }
    }

    // It ends at its time also in a shop that always sells, lest the sweep never comes.
    private async Task AnnounceMovedAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        while (until - time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            if (await moved.WaitAsync(left, cancellationToken))
            {
                await Task.Delay(options.Value.AnnouncementInterval, time, cancellationToken);
                await AnnounceAsync(moved.Take(), cancellationToken);
            }
        }
    }

    private async Task AnnounceBatchAsync(Guid[] products, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InventoryDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox<InventoryDbContext>>();
        await db.InTransactionAsync(
            async () =>
            {
                var levels = await TakeAsync(db, products, cancellationToken);
                foreach (var level in levels)
                {
                    outbox.Add(level, level.ProductId.ToString());
                }
                return levels.Count;
            },
            cancellationToken
        );
    }

    // Of several replicas one tells a version. The stock is read without its lock.
    private static Task<List<StockChanged>> TakeAsync(
        InventoryDbContext db,
        Guid[] products,
        CancellationToken cancellationToken
    ) =>
        db
            .Database.SqlQuery<StockChanged>(
                $"""
                insert into stock_announcements as told (product_id, available, version)
                select product_id, available, version from stock_items
                where product_id = any({products}) order by product_id
                on conflict (product_id) do update set available = excluded.available, version = excluded.version
                    where told.version < excluded.version
                returning product_id, available, version
                """
            )
            .ToListAsync(cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Stock levels could not be announced; it is tried again")]
        public static partial void NotAnnounced(ILogger logger, Exception exception);
    }
}
