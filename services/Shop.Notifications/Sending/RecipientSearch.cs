using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;
using Shop.ServiceDefaults.Data;

namespace Shop.Notifications.Sending;

/// <summary>
/// Looks whether the recipient of a notification that waits has become known. Orders and people come from two contexts, so an
/// order may be heard of first.
/// </summary>
internal sealed partial class RecipientSearch(
    NotificationsDbContext db,
    DeliveryOutcomes outcomes,
    NotificationMetrics metrics,
    IOptions<NotificationsOptions> options,
    TimeProvider time,
    ILogger<RecipientSearch> logger
)
{
    public Task RunAsync(Notification taken, Recipient? recipient, CancellationToken cancellationToken)
    {
        if (recipient is not null)
        {
            return AddressAsync(taken, recipient, cancellationToken);
        }

        var waited = time.GetUtcNow() - taken.CreatedAt;
        if (waited < options.Value.RecipientLimit)
        {
            return outcomes.PutOffAsync(
                taken,
                options.Value.DelayAfter(taken.Attempts),
                "The recipient is not known yet.",
                cancellationToken
            );
        }

        metrics.Failed(taken, "dead-lettered");
        Log.NotKnown(logger, taken.Kind, taken.OrderId, taken.UserId, waited);
        return outcomes.EndAsync(
            taken,
            NotificationStatus.DeadLettered,
            $"User {taken.UserId} has not become known within {options.Value.RecipientLimit}.",
            cancellationToken
        );
    }

    private Task<bool> AddressAsync(Notification taken, Recipient recipient, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async () =>
            {
                await db.LockOrdersAsync([taken.OrderId], cancellationToken);
                var waiting = await db.Notifications.SingleOrDefaultAsync(
                    n => n.Id == taken.Id && n.Status == NotificationStatus.WaitingForRecipient,
                    cancellationToken
                );
                if (waiting is null)
                {
                    return false; // made pointless meanwhile, or somebody else has found the recipient
                }

                var moment = new Moment(time.GetUtcNow(), waiting.TraceParent);
                db.AddRange(waiting.Address(recipient.ChannelsFor(waiting.Kind), moment));
                return true;
            },
            cancellationToken
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "{Kind} of order {OrderId} is not sent: user {UserId} is not known after {Waited}"
        )]
        public static partial void NotKnown(
            ILogger logger,
            NotificationKind kind,
            Guid orderId,
            Guid userId,
            TimeSpan waited
        );
    }
}
