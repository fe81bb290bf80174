using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Reservations;

/// <summary>Makes the messages about one order take turns.</summary>
internal static class ReservationLock
{
    /// <summary>
    /// The order's reservation, locked until the transaction ends, made new if there was none. One statement does both, so
    /// of two first messages that come at the same time one waits and then sees what the other did.
    /// </summary>
    public static async Task<Reservation> LockReservationAsync(
        this InventoryDbContext db,
        Guid orderId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await db
            .Reservations.FromSql(
                $"""
                insert into reservations (order_id, status, items, shortages, created_at, updated_at)
                values ({orderId}, 'New', '[]', '[]', {now}, {now})
                on conflict (order_id) do update set order_id = excluded.order_id
                returning xmin, *
                """
            )
            .ToListAsync(cancellationToken);
        return rows.Single();
    }

    /// <summary>
    /// The order's reservation, locked until the transaction ends; null when there is none. Unlike the other it writes
    /// nothing, which is what most messages after the first one need.
    /// </summary>
    public static async Task<Reservation?> FindReservationAsync(
        this InventoryDbContext db,
        Guid orderId,
        CancellationToken cancellationToken
    )
    {
        var rows = await db
            .Reservations.FromSql($"select xmin, * from reservations where order_id = {orderId} for update")
            .ToListAsync(cancellationToken);
        return rows is [var reservation] ? reservation : null;
    }
}
