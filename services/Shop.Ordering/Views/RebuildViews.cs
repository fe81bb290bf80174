using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults.Data;

namespace Shop.Ordering.Views;

/// <summary>
/// The verb <c>rebuild-views</c>: recomputes the read side from the orders while the service goes on. Events that come
/// meanwhile lose nothing and spoil nothing: a batch's orders are locked against changes until its views are written, so
/// what is written is at least as new as any event about them, and the projection keeps the later of two states. Rows that
/// are right are not touched.
/// </summary>
internal sealed class RebuildViews(OrderingDbContext db)
{
    private const int Batch = 1000;
    private static readonly TimeSpan StatementLimit = TimeSpan.FromMinutes(5);
    private static readonly string[] Statuses = Enum.GetNames<OrderStatus>();

    /// <summary>The verb.</summary>
    public static async Task<int> RunAsync(
        IServiceProvider services,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        var started = TimeProvider.System.GetTimestamp();
        var (orders, corrected) = await new RebuildViews(services.GetRequiredService<OrderingDbContext>()).RebuildAsync(
            cancellationToken
        );
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await Console.Out.WriteLineAsync(
            $"ordering: the views of {orders} orders were compared with the orders in {seconds:F1} s, {corrected} rows corrected."
        );
        return 0;
    }

    /// <summary>After an update from a version that had no views: once they are there, the events keep them.</summary>
    public static async Task BuildFirstAsync(
        OrderingDbContext db,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        if (await db.Orders.AnyAsync(cancellationToken) && !await db.OrderViews.AnyAsync(cancellationToken))
        {
            await new RebuildViews(db).RebuildAsync(cancellationToken);
        }
    }

    /// <returns>How many orders there are, and how many rows of the views were written or removed.</returns>
    public async Task<(long Orders, long Corrected)> RebuildAsync(CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(StatementLimit);
        long orders = 0;
        long corrected = 0;
        var after = Guid.Empty;
        Guid[] ids;
        do
        {
            (ids, var rows) = await db.InTransactionAsync(
                () => RebuildAsync(after, cancellationToken),
                cancellationToken
            );
            orders += ids.Length;
            corrected += rows;
            after = ids.LastOrDefault(after);
        } while (ids.Length == Batch);

        corrected += await db.InTransactionAsync(
            () => RemoveStrayAsync(after, null, cancellationToken),
            cancellationToken
        );
        await db.InTransactionAsync(() => CountAsync(cancellationToken), cancellationToken);
        corrected += await AddProductsAsync(cancellationToken);
        return (orders, corrected);
    }

    private async Task<(Guid[] Ids, int Rows)> RebuildAsync(Guid after, CancellationToken cancellationToken)
    {
        Guid[] ids =
        [
            .. await db
                .Database.SqlQuery<Guid>(
                    $"SELECT id FROM orders WHERE id > {after} ORDER BY id LIMIT {Batch} FOR SHARE"
                )
                .ToListAsync(cancellationToken),
        ];
        if (ids.Length == 0)
        {
            return (ids, 0);
        }

        // The order before its lines, as in the projection, so that neither waits for the other in turn.
        var rows = await WriteOrdersAsync(ids, cancellationToken);
        rows += await WriteLinesAsync(ids, cancellationToken);
        rows += await RemoveStrayAsync(after, ids[^1], cancellationToken);
        return (ids, rows);
    }

    private Task<int> WriteOrdersAsync(Guid[] ids, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_views AS view
                (order_id, user_id, status, item_count, total, currency, created_at, cancellation_reason)
            SELECT o.id, o.user_id, array_position({Statuses}, o.status::text) - 1,
                (SELECT count(*) FROM order_items AS i WHERE i.order_id = o.id),
                o.total, o.currency, o.created_at, o.cancellation_reason
            FROM orders AS o WHERE o.id = ANY({ids}) ORDER BY o.id
            ON CONFLICT (order_id) DO UPDATE
                SET user_id = excluded.user_id, status = excluded.status, item_count = excluded.item_count,
                    total = excluded.total, currency = excluded.currency, created_at = excluded.created_at,
                    cancellation_reason = excluded.cancellation_reason
                WHERE view.* IS DISTINCT FROM excluded.*
            """,
            cancellationToken
        );

    private Task<int> WriteLinesAsync(Guid[] ids, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_item_views AS view (order_id, line, product_id, name, unit_price, quantity)
            SELECT order_id, line, product_id, name, unit_price, quantity
            FROM order_items WHERE order_id = ANY({ids}) ORDER BY order_id, line
            ON CONFLICT (order_id, line) DO UPDATE
                SET product_id = excluded.product_id, name = excluded.name, unit_price = excluded.unit_price,
                    quantity = excluded.quantity
                WHERE view.* IS DISTINCT FROM excluded.*
            """,
            cancellationToken
        );

    /// <summary>Views of orders or lines that do not exist, between two ids.</summary>
    private async Task<int> RemoveStrayAsync(Guid after, Guid? upTo, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM order_views AS view
            WHERE order_id > {after} AND ({upTo}::uuid IS NULL OR order_id <= {upTo}::uuid)
              AND NOT EXISTS (SELECT FROM orders WHERE id = view.order_id)
            """,
            cancellationToken
        )
        + await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM order_item_views AS view
            WHERE order_id > {after} AND ({upTo}::uuid IS NULL OR order_id <= {upTo}::uuid)
              AND NOT EXISTS (SELECT FROM order_items AS i WHERE i.order_id = view.order_id AND i.line = view.line)
            """,
            cancellationToken
        );

    /// <summary>
    /// While the table is locked, no projection is between making a view and counting it, so that counting the views counts
    /// each once. Projections wait that long.
    /// </summary>
    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"LOCK TABLE order_view_counts IN SHARE ROW EXCLUSIVE MODE",
            cancellationToken
        );
        await db.Database.ExecuteSqlAsync($"DELETE FROM order_view_counts", cancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_view_counts (user_id, shard, orders)
            SELECT user_id, 0, count(*) FROM order_views WHERE created_at IS NOT NULL GROUP BY user_id
            """,
            cancellationToken
        );
    }

    /// <summary>Products that Catalog has told nothing of, as they were ordered last; any word of Catalog's replaces that.</summary>
    private Task<int> AddProductsAsync(CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO product_views (product_id, name, price, currency, deleted, version)
            SELECT DISTINCT ON (i.product_id) i.product_id, i.name, i.unit_price, o.currency, false, 0
            FROM order_items AS i JOIN orders AS o ON o.id = i.order_id
            WHERE NOT EXISTS (SELECT FROM product_views AS known WHERE known.product_id = i.product_id)
            ORDER BY i.product_id, i.order_id DESC
            ON CONFLICT (product_id) DO NOTHING
            """,
            cancellationToken
        );
}
