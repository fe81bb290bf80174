using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>Shares the due notifications out among all processes.</summary>
internal sealed class NotificationClaims(
    NotificationsDbContext db,
    IOptions<NotificationsOptions> options,
    TimeProvider time
)
{
    /// <summary>
    /// Takes up to so many due notifications of one way, the longest due first. Each belongs to the caller until its lease
    /// ends; the attempt is counted before it starts, so that one that kills its sender is not tried for ever.
    /// </summary>
    public Task<List<Notification>> TakeAsync(Channel channel, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return db
            .Notifications.FromSql(
                $"""
                with due as (
                    select id from notifications where channel = {channel.ToString()} and next_attempt_at <= {now}
                    order by next_attempt_at limit {limit} for update skip locked
                )
                update notifications n
                set next_attempt_at = {now + options.Value.Lease}, attempts = n.attempts + 1
                from due where n.id = due.id
                returning n.xmin, n.*
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
    }

    /// <summary>Whom these are for.</summary>
    public Task<Dictionary<Guid, Recipient>> RecipientsOfAsync(
        List<Notification> claimed,
        CancellationToken cancellationToken
    )
    {
        var users = claimed.ConvertAll(notification => notification.UserId);
        return db
            .Recipients.AsNoTracking()
            .Where(recipient => users.Contains(recipient.UserId))
            .ToDictionaryAsync(recipient => recipient.UserId, cancellationToken);
    }
}
