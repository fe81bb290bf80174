using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Stock;

/// <summary>The only writer of stock: every change is booked.</summary>
internal sealed class StockLedger(InventoryDbContext db, TimeProvider time)
{
    /// <summary>
    /// Books a move of all items or of none, within the caller's transaction. Returns the items that are short; an empty
    /// list means that all was booked.
    /// </summary>
    public async Task<IReadOnlyList<Shortage>> MoveAsync(
        StockMove move,
        IReadOnlyList<StockQuantity> items,
        Guid? orderId,
        string? idempotencyKey,
        CancellationToken cancellationToken
    )
    {
        var before = await LockAndBookAsync(move, items, orderId, idempotencyKey, cancellationToken);
        if (IsAllThere(move, items, before))
        {
            if (move.Available != 0)
            {
                db.MovedProducts.UnionWith(items.Select(item => item.ProductId));
            }
            return [];
        }
        return Short(items, before) is { Count: > 0 } shortages
            ? shortages
            : throw new InvalidOperationException(
                $"Nothing was {move.Kind} for order {orderId} although nothing is short: the books disagree."
            );
    }

    /// <summary>Books a move of what a reservation holds (or held); that this is there is the ledger's own promise.</summary>
    public async Task SettleAsync(StockMove move, Reservation reservation, CancellationToken cancellationToken)
    {
        var shortages = await MoveAsync(
            move,
            reservation.Items,
            reservation.OrderId,
            idempotencyKey: null,
            cancellationToken
        );
        if (shortages.Count > 0)
        {
            throw new InvalidOperationException(
                $"The stock of order {reservation.OrderId} cannot be {move.Kind}: the books disagree with the reservation."
            );
        }
    }

    /// <summary>
    /// Returns the levels before the move. One round trip, as the rows of a product that everybody buys are locked from here
    /// to the commit, but two statements: only a statement that begins when the rows are locked is sure to see what they
    /// are. The second decides by what the first returns: it moves and books all of it, or nothing. Everybody locks in the
    /// order of the product ids, so two orders with the same products cannot wait for each other.
    /// </summary>
    private Task<List<StockLevel>> LockAndBookAsync(
        StockMove move,
        IReadOnlyList<StockQuantity> items,
        Guid? orderId,
        string? idempotencyKey,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. items.Select(item => item.ProductId)];
        int[] quantities = [.. items.Select(item => item.Quantity)];
        return db
            .Database.SqlQuery<StockLevel>(
                $"""
                select product_id, available, reserved
                from stock_items where product_id = any({ids}) order by product_id for update;

                with wanted as (
                    select * from unnest({ids}, {quantities}) as w (product_id, quantity)
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
                    returning s.product_id, w.quantity
                )
                insert into stock_movements
                    (product_id, order_id, kind, quantity, available_change, reserved_change, idempotency_key, occurred_at)
                select product_id, {orderId}::uuid, {move.Kind}, quantity,
                    {move.Available} * quantity, {move.Reserved} * quantity, {idempotencyKey}::text, {time.GetUtcNow()}
                from moved
                """
            )
            .ToListAsync(cancellationToken);
    }

    private static bool IsAllThere(StockMove move, IReadOnlyList<StockQuantity> items, List<StockLevel> before) =>
        items.All(item =>
            before.Find(level => level.ProductId == item.ProductId) is { } level
            && level.Available + move.Available * item.Quantity >= 0
            && level.Reserved + move.Reserved * item.Quantity >= 0
        );

    private static List<Shortage> Short(IReadOnlyList<StockQuantity> items, List<StockLevel> levels) =>
        [
            .. from item in items
            join level in levels on item.ProductId equals level.ProductId into found
            let available = found.FirstOrDefault()?.Available ?? 0
            where available < item.Quantity
            select new Shortage(item.ProductId, item.Quantity, available),
        ];
}

/// <summary>What there was of a product before a move.</summary>
internal sealed record StockLevel(Guid ProductId, int Available, int Reserved);
