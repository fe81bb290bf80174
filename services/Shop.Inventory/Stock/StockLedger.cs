using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Stock;

/// <summary>The only writer of stock: every change is booked.</summary>
internal sealed class StockLedger(InventoryDbContext db, TimeProvider time)
{
    /// <summary>For a transaction that changes reservations.</summary>
    public ReservationDesk For(DateTimeOffset now, CancellationToken cancellationToken) =>
        new((move, bookings) => MoveAsync(move, bookings, cancellationToken), now);

    /// <summary>
    /// Books moves one after the other within the caller's transaction, of each all items or none. Returns for each the items
    /// that are short; an empty list means that all was booked.
    /// </summary>
    public async Task<IReadOnlyList<IReadOnlyList<Shortage>>> MoveAsync(
        StockMove move,
        IReadOnlyList<StockBooking> bookings,
        CancellationToken cancellationToken
    )
    {
        if (bookings.Count == 0)
        {
            return [];
        }
        var before = await LockAndBookAsync(move, bookings, cancellationToken);
        var levels = new StockLevels(before);
        var shortages = bookings.Select(booking => levels.Move(move, booking.Items)).ToList();
        var booked = bookings.Where((_, i) => shortages[i].Count == 0).ToList();
        if (booked.Count > 0 && booked.Count < bookings.Count)
        {
            // Nothing was booked as there is not enough for all. Who comes first gets it.
            await LockAndBookAsync(move, booked, cancellationToken);
        }
        if (move.Available != 0)
        {
            db.MovedProducts.UnionWith(booked.SelectMany(booking => booking.Items).Select(item => item.ProductId));
        }
        return shortages;
    }

    /// <summary>
    /// Returns the levels before the moves. One round trip, as the rows of a product that everybody buys are locked from here
    /// to the commit, but two statements: only a statement that begins when the rows are locked is sure to see what they
    /// are. The second decides by what the first returns: it moves and books all of it, or nothing.
    /// </summary>
    private Task<List<StockLevel>> LockAndBookAsync(
        StockMove move,
        IReadOnlyList<StockBooking> bookings,
        CancellationToken cancellationToken
    )
    {
        var entries = bookings.SelectMany(booking => booking.Items, (booking, item) => (booking, item)).ToList();
        Guid[] products = [.. entries.Select(entry => entry.item.ProductId)];
        int[] quantities = [.. entries.Select(entry => entry.item.Quantity)];
        Guid?[] orders = [.. entries.Select(entry => entry.booking.OrderId)];
        string?[] keys = [.. entries.Select(entry => entry.booking.IdempotencyKey)];
        return db
            .Database.SqlQuery<StockLevel>(
                $"""
                select product_id, available, reserved
                from stock_items where product_id = any({products}) order by product_id for update;

                with entries as (
                    select * from unnest({products}, {quantities}, {orders}, {keys})
                        as e (product_id, quantity, order_id, idempotency_key)
                ), wanted as (
                    select product_id, sum(quantity)::int as quantity from entries group by product_id
                ), moved as (
                    update stock_items s
                    set available = s.available + {move.Available} * w.quantity,
                        reserved = s.reserved + {move.Reserved} * w.quantity,
                        version = s.version + {Math.Abs(move.Available)}
                    from wanted w
                    where s.product_id = w.product_id
                      and not exists (
                        select from wanted o left join stock_items t on t.product_id = o.product_id
                        where t.product_id is null
                           or t.available + {move.Available} * o.quantity < 0
                           or t.reserved + {move.Reserved} * o.quantity < 0)
                    returning s.product_id
                )
                insert into stock_movements
                    (product_id, order_id, kind, quantity, available_change, reserved_change, idempotency_key, occurred_at)
                select e.product_id, e.order_id, {move.Kind}, e.quantity,
                    {move.Available} * e.quantity, {move.Reserved} * e.quantity, e.idempotency_key, {time.GetUtcNow()}
                from entries e join moved using (product_id)
                """
            )
            .ToListAsync(cancellationToken);
    }
}
