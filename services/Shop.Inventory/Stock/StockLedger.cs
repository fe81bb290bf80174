using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Stock;

/// <summary>The only writer of stock: every change is booked.</summary>
internal sealed class StockLedger(InventoryDbContext db, TimeProvider time)
{
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
        var levels = before.ToDictionary(level => level.ProductId);
        var shortages = bookings.Select(booking => Apply(move, booking.Items, levels)).ToList();
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

    /// <summary>Books a move of what reservations hold (or held); that this is there is the ledger's own promise.</summary>
    public async Task SettleAsync(
        StockMove move,
        IReadOnlyList<Reservation> reservations,
        CancellationToken cancellationToken
    )
    {
        var shortages = await MoveAsync(
            move,
            [.. reservations.Select(reservation => new StockBooking(reservation.OrderId, reservation.Items))],
            cancellationToken
        );
        if (shortages.Index().FirstOrDefault(one => one.Item.Count > 0) is { Item: not null } wrong)
        {
            throw new InvalidOperationException(
                $"The stock of order {reservations[wrong.Index].OrderId} cannot be {move.Kind}: the books disagree with the reservation."
            );
        }
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

    // What the next booking finds is what this one leaves.
    private static List<Shortage> Apply(
        StockMove move,
        IReadOnlyList<StockQuantity> items,
        Dictionary<Guid, StockLevel> levels
    )
    {
        var after = items.Select(item => levels.GetValueOrDefault(item.ProductId)?.After(move, item.Quantity)).ToList();
        if (after.All(level => level is { Available: >= 0, Reserved: >= 0 }))
        {
            after.ForEach(level => levels[level!.ProductId] = level);
            return [];
        }
        List<Shortage> shortages =
        [
            .. from item in items
            let available = levels.GetValueOrDefault(item.ProductId)?.Available ?? 0
            where available < item.Quantity
            select new Shortage(item.ProductId, item.Quantity, available),
        ];
        return shortages.Count > 0
            ? shortages
            : throw new InvalidOperationException(
                $"Nothing can be {move.Kind} although nothing is short: the books disagree."
            );
    }
}

/// <summary>What is moved for one order, or into the house: all of it or nothing.</summary>
internal sealed record StockBooking(Guid? OrderId, IReadOnlyList<StockQuantity> Items, string? IdempotencyKey = null);

/// <summary>What there is of a product.</summary>
internal sealed record StockLevel(Guid ProductId, int Available, int Reserved)
{
    /// <summary>What there is after a move of so many.</summary>
    public StockLevel After(StockMove move, int quantity) =>
        new(ProductId, Available + move.Available * quantity, Reserved + move.Reserved * quantity);
}
