using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Messaging;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;
using Shop.Notifications.Messages;
using Shop.Notifications.Templates;

namespace Shop.Notifications.Orders;

/// <summary>Makes, of news about an order, the notifications to be sent. They are saved with the inbox's entry.</summary>
internal sealed class OrderEventHandler<TEvent>(
    NotificationsDbContext db,
    TemplateSet templates,
    IOptions<NotificationsOptions> options,
    TimeProvider time
) : IMessageBatchHandler<TEvent>
    where TEvent : IOrderEvent
{
    public async Task HandleAsync(IReadOnlyList<Received<TEvent>> messages, CancellationToken cancellationToken)
    {
        var news = messages.Select(message => message.Message.ToNews()).ToList();
        Guid[] orders = [.. news.Select(one => one.OrderId).Distinct()];
        Guid[] users = [.. news.Select(one => one.UserId).Distinct()];
        await db.LockOrdersAsync(orders, cancellationToken);
        var kinds = await db
            .Notifications.Where(notification => orders.Contains(notification.OrderId))
            .Select(notification => new { notification.OrderId, notification.Kind })
            .Distinct()
            .ToListAsync(cancellationToken);
        var known = kinds.ToLookup(one => one.OrderId, one => one.Kind);
        var recipients = await db
            .Recipients.AsNoTracking()
            .Where(recipient => users.Contains(recipient.UserId))
            .ToDictionaryAsync(recipient => recipient.UserId, cancellationToken);

        var told = new HashSet<Guid>();
        foreach (var (i, message) in messages.Index())
        {
            List<NotificationKind> before = [.. known[news[i].OrderId]];
            // Told already, perhaps under another message id, perhaps a moment ago.
            if (!before.Contains(news[i].Kind) && told.Add(news[i].OrderId))
            {
                await message.HandleAsync(_ =>
                    TellAsync(news[i], before, recipients.GetValueOrDefault(news[i].UserId), cancellationToken)
                );
            }
        }
    }

    private async Task TellAsync(
        OrderNews news,
        List<NotificationKind> known,
        Recipient? recipient,
        CancellationToken cancellationToken
    )
    {
        await CancelPointlessAsync(news, cancellationToken);
        var moment = new Moment(time.GetUtcNow(), Activity.Current?.Id);
        if (Precedence.WhyPointless(news.Kind, known) is { } reason)
        {
            db.Add(Notification.Unsent(news, templates.Subject(news), NotificationStatus.Cancelled, reason, moment));
        }
        else if (Add(news, moment.Now, recipient, moment) == 0)
        {
            db.Add(
                Notification.Unsent(
                    news,
                    templates.Subject(news),
                    NotificationStatus.Suppressed,
                    Notification.NotWanted,
                    moment
                )
            );
        }

        if (news.Kind == NotificationKind.OrderConfirmed)
        {
            AddDeliveryNotification(
                news with
                {
                    Kind = NotificationKind.DeliveryNotification,
                },
                known,
                recipient,
                moment
            );
        }
    }

    private void AddDeliveryNotification(
        OrderNews news,
        List<NotificationKind> known,
        Recipient? recipient,
        Moment moment
    )
    {
        if (Precedence.WhyPointless(news.Kind, known) is null)
        {
            Add(news, Confirmed(news, moment.Now) + options.Value.DeliveryNotificationDelay, recipient, moment);
        }
    }

    /// <summary>Adds one notification for each way on which the recipient wants it.</summary>
    /// <returns>How many that are.</returns>
    private int Add(OrderNews news, DateTimeOffset dueAt, Recipient? recipient, Moment moment)
    {
        var subject = templates.Subject(news);
        Notification[] added = recipient is null
            ? [Notification.ForSomebodyUnknown(news, subject, dueAt, moment)]
            :
            [
                .. recipient
                    .ChannelsFor(news.Kind)
                    .Select(channel => Notification.By(channel, news, subject, dueAt, moment)),
            ];
        db.AddRange(added.AsEnumerable());
        return added.Length;
    }

    // What a sender is sending at this moment is not stopped by that.
    private async Task CancelPointlessAsync(OrderNews news, CancellationToken cancellationToken)
    {
        foreach (var (kind, reason) in Precedence.MadePointlessBy(news.Kind))
        {
            await db
                .Notifications.Where(earlier =>
                    earlier.OrderId == news.OrderId
                    && earlier.Kind == kind
                    && (
                        earlier.Status == NotificationStatus.Pending
                        || earlier.Status == NotificationStatus.WaitingForRecipient
                    )
                )
                .ExecuteUpdateAsync(
                    earlier =>
                        earlier
                            .SetProperty(n => n.Status, NotificationStatus.Cancelled)
                            .SetProperty(n => n.Reason, reason)
                            .SetProperty(n => n.NextAttemptAt, (DateTimeOffset?)null),
                    cancellationToken
                );
        }
    }

    // Another machine's clock may be ahead of ours.
    private static DateTimeOffset Confirmed(OrderNews news, DateTimeOffset now) =>
        news.Facts.At is { } at && at < now ? at.ToUniversalTime() : now;
}
