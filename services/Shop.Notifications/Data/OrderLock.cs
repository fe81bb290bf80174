using Microsoft.EntityFrameworkCore;

namespace Shop.Notifications.Data;

/// <summary>Makes everything that decides what is told about one order take turns.</summary>
internal static class OrderLock
{
    /// <summary>
    /// Waits until nobody else decides about this order, and holds the place until the transaction ends. An advisory lock, as
    /// there may be no row yet. What is read afterwards is what the others have committed.
    /// </summary>
    public static Task LockOrderAsync(
        this NotificationsDbContext db,
        Guid orderId,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({orderId.ToString()}, 0))",
            cancellationToken
        );
}
