using Microsoft.EntityFrameworkCore;

namespace Shop.Notifications.Data;

/// <summary>Makes everything that decides what is told about one order take turns.</summary>
internal static class OrderLock
{
    /// <summary>
    /// Waits until nobody else decides about these orders, and holds the place until the transaction ends. Advisory locks, as
    /// there may be no rows yet, and everybody takes them in the same order. What is read afterwards is what the others have
    /// committed.
    /// </summary>
    public static Task LockOrdersAsync(
        this NotificationsDbContext db,
        IEnumerable<Guid> orderIds,
        CancellationToken cancellationToken
    )
    {
        string[] ids = [.. orderIds.Distinct().Select(id => id.ToString())];
        return db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(key)
            from (select distinct hashtextextended(id, 0) as key from unnest({ids}) as o (id) order by key) as locks
            """,
            cancellationToken
        );
    }
}
