using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Messages;
using Shop.Messaging;

namespace Shop.Inventory.Stock;

/// <summary>The only writer of stock: every change is booked, and told to the others when it changes what is available.</summary>
internal sealed class StockLedger(InventoryDbContext db, Outbox<InventoryDbContext> outbox, TimeProvider time)
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
        Guid[] ids = [.. items.Select(item => item.ProductId)];
        int[] quantities = [.. items.Select(item => item.Quantity)];
        var now = time.GetUtcNow();

        // Everybody takes the rows in the same order, so two orders with the same products cannot wait for each other.
        var before = await db
            .Database.SqlQuery<StockLevel>(
                $"""
                select product_id, available, version
                from stock_items where product_id = any({ids}) order by product_id for update
                """
            )
            .ToListAsync(cancellationToken);

        // The statement decides by itself whether all of it is there; what was read above only tells what is short.
        var after = await db
            .Database.SqlQuery<StockLevel>(
                $"""
                with wanted as (
                    select * from unnest({ids}, {quantities}) as w (product_id, quantity)
                ), moved as (
                    update stock_items s
                    set available = s.available + {move.Available} * w.quantity,
                        reserved = s.reserved + {move.Reserved} * w.quantity,
                        version = s.version + 1
                    from wanted w
                    where s.product_id = w.product_id
                      and s.available + {move.Available} * w.quantity >= 0
                      and s.reserved + {move.Reserved} * w.quantity >= 0
                      and not exists (
                        select from wanted o left join stock_items t on t.product_id = o.product_id
                        where t.product_id is null
                           or t.available + {move.Available} * o.quantity < 0
                           or t.reserved + {move.Reserved} * o.quantity < 0)
                    returning s.product_id, s.available, s.version, w.quantity
                ), booked as (
                    insert into stock_movements
                        (product_id, order_id, kind, quantity, available_change, reserved_change, idempotency_key, occurred_at)
                    select product_id, {orderId}::uuid, {move.Kind}, quantity,
                        {move.Available} * quantity, {move.Reserved} * quantity, {idempotencyKey}::text, {now}
                    from moved order by product_id
                )
                select product_id, available, version from moved
                """
            )
            .ToListAsync(cancellationToken);

        if (after.Count < items.Count)
        {
            return Short(items, before) is { Count: > 0 } shortages
                ? shortages
                : throw new InvalidOperationException(
                    $"Nothing was {move.Kind} for order {orderId} although nothing is short: the books disagree."
                );
        }
        if (move.Available != 0)
        {
            foreach (var level in after)
            {
                outbox.Add(
                    new StockChanged(level.ProductId, level.Available, level.Version),
                    level.ProductId.ToString()
                );
            }
        }
        return [];
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

    private static List<Shortage> Short(IReadOnlyList<StockQuantity> items, List<StockLevel> levels) =>
        [
            .. from item in items
            join level in levels on item.ProductId equals level.ProductId into found
            let available = found.FirstOrDefault()?.Available ?? 0
            where available < item.Quantity
            select new Shortage(item.ProductId, item.Quantity, available),
        ];
}

/// <summary>What is available of a product, and after how many changes.</summary>
internal sealed record StockLevel(Guid ProductId, int Available, long Version);
