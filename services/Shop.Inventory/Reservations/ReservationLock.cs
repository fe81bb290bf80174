using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;

namespace Shop.Inventory.Reservations;

/// <summary>Locks reservations, after the turn (<see cref="StockTurn"/>) and in the same round trip.</summary>
internal static class ReservationLock
{
    /// <summary>
    /// The orders' reservations, locked until the transaction ends, made new where there were none. One statement does both,
    /// so of two first messages that come at the same time one waits and then sees what the other did.
    /// </summary>
    public static async Task<Dictionary<Guid, Reservation>> LockReservationsAsync(
        this InventoryDbContext db,
        IEnumerable<Guid> orderIds,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. orderIds.Distinct().Order()];
        var rows = await db
            .Reservations.FromSql(
                $"""
                insert into reservations (order_id, status, items, shortages, created_at, updated_at)
                select order_id, 'New', '[]', '[]', {now}, {now}
                from (select pg_advisory_xact_lock({StockTurn.Key})) as turn, unnest({ids}) as o (order_id)
                on conflict (order_id) do update set order_id = excluded.order_id
                returning xmin, *
                """
            )
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(reservation => reservation.OrderId);
    }

    /// <summary>
    /// The orders' reservations, as far as there are any, locked until the transaction ends. Unlike the other it writes
    /// nothing, which is what most messages after the first one need.
    /// </summary>
    public static async Task<Dictionary<Guid, Reservation>> FindReservationsAsync(
        this InventoryDbContext db,
        IEnumerable<Guid> orderIds,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. orderIds.Distinct()];
        var rows = await db
            .Reservations.FromSql(
                $"""
                select r.xmin, r.*
                from (select pg_advisory_xact_lock({StockTurn.Key})) as turn, reservations as r
                where r.order_id = any({ids}) order by r.order_id for update of r
                """
            )
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(reservation => reservation.OrderId);
    }
}
