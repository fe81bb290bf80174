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
) : IMessageHandler<TEvent>
    where TEvent : IOrderEvent
{
    public async Task HandleAsync(TEvent message, MessageContext context, CancellationToken cancellationToken)
    {
        var news = message.ToNews();
        await db.LockOrderAsync(news.OrderId, cancellationToken);
        var known = await db
            .Notifications.Where(notification => notification.OrderId == news.OrderId)
            .Select(notification => notification.Kind)
            .Distinct()
            .ToListAsync(cancellationToken);
        if (known.Contains(news.Kind))
        {
            return; // told already, perhaps under another message id
        }

        await CancelPointlessAsync(news, cancellationToken);
        var recipient = await db
            .Recipients.AsNoTracking()
            .SingleOrDefaultAsync(recipient => recipient.UserId == news.UserId, cancellationToken);
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
