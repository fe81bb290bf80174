using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Views;

/// <summary>The statements of <see cref="RebuildViews"/>. Each returns how many rows it corrected.</summary>
internal sealed class RebuildStatements(OrderingDbContext db)
{
    /// <summary>In the order of their numbers, which is how the views keep them.</summary>
    private static readonly string[] Statuses = Enum.GetNames<OrderStatus>();

    /// <summary>The ids of the next orders after one, ascending as the database has them.</summary>
    public async Task<Guid[]> NextOrdersAsync(Guid after, int limit, CancellationToken cancellationToken) =>
        [
            .. await db
                .Database.SqlQuery<Guid>($"SELECT id FROM orders WHERE id > {after} ORDER BY id LIMIT {limit}")
                .ToListAsync(cancellationToken),
        ];

    /// <summary>
    /// Views that are missing, wrong or behind. One that an event has moved on since the orders were read stays there.
    /// </summary>
    public Task<int> WriteOrdersAsync(Guid[] ids, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_views AS view
                (order_id, user_id, status, item_count, total, currency, created_at, cancellation_reason)
            SELECT o.*
            FROM (
                SELECT id, user_id, (array_position({Statuses}, status::text) - 1)::smallint AS status,
                    (SELECT count(*)::int FROM order_items AS i WHERE i.order_id = orders.id) AS item_count,
                    total, currency, created_at, cancellation_reason
                FROM orders WHERE id = ANY({ids})) AS o
            LEFT JOIN order_views AS known ON known.order_id = o.id
            WHERE known.order_id IS NULL OR known.status < o.status
               OR (known.user_id, known.item_count, known.total, known.currency, known.created_at)
                    IS DISTINCT FROM (o.user_id, o.item_count, o.total, o.currency, o.created_at)
               OR (known.status = o.status AND known.cancellation_reason IS DISTINCT FROM o.cancellation_reason)
            ORDER BY o.id
            ON CONFLICT (order_id) DO UPDATE
                SET user_id = excluded.user_id, item_count = excluded.item_count, total = excluded.total,
                    currency = excluded.currency, created_at = excluded.created_at,
                    status = greatest(view.status, excluded.status),
                    cancellation_reason = CASE WHEN view.status > excluded.status
                        THEN view.cancellation_reason ELSE excluded.cancellation_reason END
            """,
            cancellationToken
        );

    /// <summary>Lines that are missing or wrong.</summary>
    public Task<int> WriteLinesAsync(Guid[] ids, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_item_views (order_id, line, product_id, name, unit_price, quantity)
            SELECT i.order_id, i.line, i.product_id, i.name, i.unit_price, i.quantity
            FROM order_items AS i
            LEFT JOIN order_item_views AS known ON known.order_id = i.order_id AND known.line = i.line
            WHERE i.order_id = ANY({ids})
              AND (known.product_id, known.name, known.unit_price, known.quantity)
                    IS DISTINCT FROM (i.product_id, i.name, i.unit_price, i.quantity)
            ORDER BY i.order_id, i.line
            ON CONFLICT (order_id, line) DO UPDATE
                SET product_id = excluded.product_id, name = excluded.name, unit_price = excluded.unit_price,
                    quantity = excluded.quantity
            """,
            cancellationToken
        );

    /// <summary>Views of orders or lines that do not exist, from after one id up to another, or to the end.</summary>
    public async Task<int> RemoveStrayAsync(Guid after, Guid? upTo, CancellationToken cancellationToken)
    {
        var last = upTo ?? Guid.AllBitsSet;
        return await db.Database.ExecuteSqlAsync(
                $"""
                DELETE FROM order_views AS view
                WHERE order_id > {after} AND order_id <= {last}
                  AND NOT EXISTS (SELECT FROM orders WHERE id = view.order_id)
                """,
                cancellationToken
            )
            + await db.Database.ExecuteSqlAsync(
                $"""
                DELETE FROM order_item_views AS view
                WHERE order_id > {after} AND order_id <= {last}
                  AND NOT EXISTS (SELECT FROM order_items AS i WHERE i.order_id = view.order_id AND i.line = view.line)
                """,
                cancellationToken
            );
    }

    /// <summary>
    /// Views that are ahead of their orders. An event is not to be seen before its order's change, so within one snapshot no
    /// event has brought them there.
    /// </summary>
    public Task<List<Guid>> AheadAsync(Guid[] ids, CancellationToken cancellationToken) =>
        db
            .Database.SqlQuery<Guid>(
                $"""
                SELECT view.order_id FROM order_views AS view JOIN orders AS o ON o.id = view.order_id
                WHERE o.id = ANY({ids}) AND view.status > array_position({Statuses}, o.status::text) - 1
                """
            )
            .ToListAsync(cancellationToken);

    /// <summary>
    /// Such a view would have refused the events since, so it is taken back while its order cannot change: no event is newer
    /// then than what is written.
    /// </summary>
    public async Task<int> TakeBackAsync(Guid id, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT FROM orders WHERE id = {id} FOR SHARE", cancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE order_views AS view
            SET status = array_position({Statuses}, o.status::text) - 1, cancellation_reason = o.cancellation_reason
            FROM orders AS o
            WHERE o.id = {id} AND view.order_id = {id}
            """,
            cancellationToken
        );
    }

    /// <summary>Products that Catalog has told nothing of, as they were ordered last; any word of Catalog's replaces that.</summary>
    public Task<int> AddProductsAsync(CancellationToken cancellationToken) =>
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
