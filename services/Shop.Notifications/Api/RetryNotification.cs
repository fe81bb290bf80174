using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;
using Shop.ServiceDefaults;

namespace Shop.Notifications.Api;

/// <summary><c>POST /api/notifications/{id}/retry</c>: an operator has a dead letter tried again, from the first attempt.</summary>
internal static class RetryNotification
{
    public static async Task<Results<Accepted, ProblemHttpResult>> HandleAsync(
        Guid id,
        NotificationsDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var notification = await db.Notifications.SingleOrDefaultAsync(n => n.Id == id, cancellationToken);
        if (notification is null)
        {
            return Problems.NotFound($"There is no notification {id}. GET /api/notifications lists those there are.");
        }

        if (!notification.TryAgain(time.GetUtcNow()))
        {
            return Problems.Conflict(
                "notification-not-dead",
                $"The notification is {notification.Status}; only one that is {NotificationStatus.DeadLettered} is tried again."
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
