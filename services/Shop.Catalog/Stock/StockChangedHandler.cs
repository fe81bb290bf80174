using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Messages;
using Shop.Messaging;

namespace Shop.Catalog.Stock;

/// <summary>Keeps the stock that is shown at what Inventory said last.</summary>
internal sealed class StockChangedHandler(CatalogDbContext db, TimeProvider time) : IMessageBatchHandler<StockChanged>
{
    public async Task HandleAsync(IReadOnlyList<Received<StockChanged>> messages, CancellationToken cancellationToken)
    {
        if (messages.FirstOrDefault(one => !IsValid(one.Message)) is { Message: var invalid })
        {
            throw new MessageRejectedException(
                "invalid-stock-changed",
                $"productId must be set and available must not be negative (was {invalid.Available})."
            );
        }

        var levels = messages.Newest(level => level.ProductId, level => level.Version);
        db.Touched.UnionWith(await TakeAsync(levels, cancellationToken));
    }

    private static bool IsValid(StockChanged message) => message.ProductId != Guid.Empty && message.Available >= 0;

    // One conditional statement: an event that comes late or twice finds a version that is not below its own. No row at all
    // means that the product was deleted meanwhile, and then nobody asks for its stock. Rows are locked in one order, so that
    // of two replicas none waits for the other in a circle.
    private Task<List<Guid>> TakeAsync(List<StockChanged> levels, CancellationToken cancellationToken)
    {
        Guid[] products = [.. levels.Select(level => level.ProductId)];
        int[] available = [.. levels.Select(level => level.Available)];
        long[] versions = [.. levels.Select(level => level.Version)];
        return db
            .Database.SqlQuery<Guid>(
                $"""
                UPDATE stock_levels AS stock
                SET available = news.available, version = news.version, updated_at = {time.GetUtcNow()}
                FROM (
                    SELECT known.product_id, told.available, told.version
                    FROM stock_levels AS known
                    JOIN unnest({products}, {available}, {versions}) AS told (product_id, available, version)
                        ON told.product_id = known.product_id AND told.version > known.version
                    ORDER BY known.product_id
                    FOR UPDATE OF known) AS news
                WHERE stock.product_id = news.product_id
                RETURNING stock.product_id
                """
            )
            .ToListAsync(cancellationToken);
    }
}
