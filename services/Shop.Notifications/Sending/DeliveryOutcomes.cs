using Microsoft.EntityFrameworkCore;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>
/// Writes down what came of an attempt. Except for a success, which is a fact, it counts only as long as nobody else has taken
/// the notification since and nothing has made it pointless.
/// </summary>
internal sealed class DeliveryOutcomes(NotificationsDbContext db, TimeProvider time)
{
    /// <summary>The provider has taken it.</summary>
    public Task SentAsync(Notification taken, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return db
            .Notifications.Where(n => n.Id == taken.Id && n.Status != NotificationStatus.Sent)
            .ExecuteUpdateAsync(
                n =>
                    n.SetProperty(x => x.Status, NotificationStatus.Sent)
                        .SetProperty(x => x.SentAt, now)
                        .SetProperty(x => x.NextAttemptAt, (DateTimeOffset?)null)
                        .SetProperty(x => x.Reason, (string?)null),
                cancellationToken
            );
    }

    /// <summary>To be tried again after a while.</summary>
    public Task PutOffAsync(Notification taken, TimeSpan delay, string? reason, CancellationToken cancellationToken)
    {
        var next = time.GetUtcNow() + delay;
        return Taken(taken)
            .ExecuteUpdateAsync(
                n => n.SetProperty(x => x.NextAttemptAt, next).SetProperty(x => x.Reason, Cut(reason)),
                cancellationToken
            );
    }

    /// <summary>Handed back as if it had never been taken, because the service stops.</summary>
    public Task HandBackAsync(Notification taken, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Taken(taken)
            .ExecuteUpdateAsync(
                n => n.SetProperty(x => x.NextAttemptAt, now).SetProperty(x => x.Attempts, taken.Attempts - 1),
                cancellationToken
            );
    }

    /// <summary>Not tried again.</summary>
    public Task EndAsync(
        Notification taken,
        NotificationStatus status,
        string reason,
        CancellationToken cancellationToken
    ) =>
        Taken(taken)
            .ExecuteUpdateAsync(
                n =>
                    n.SetProperty(x => x.Status, status)
                        .SetProperty(x => x.Reason, Cut(reason))
                        .SetProperty(x => x.NextAttemptAt, (DateTimeOffset?)null),
                cancellationToken
            );

    private IQueryable<Notification> Taken(Notification taken) =>
        db.Notifications.Where(n =>
            n.Id == taken.Id && n.Status == taken.Status && n.Attempts == taken.Attempts && n.NextAttemptAt != null
        );

    private static string? Cut(string? reason) =>
        reason is null ? null : Templates.OneLine.Of(reason, Notification.MaxReasonLength);
}
