using System.Text.Json.Serialization;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Api;

/// <summary>A notification as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Channel">On which way it goes; null when that is not decided, or it goes on none.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="OrderId">About which order.</param>
/// <param name="Subject">Its title.</param>
/// <param name="CreatedAt">When we heard of it.</param>
/// <param name="DueAt">Not sent before.</param>
/// <param name="SentAt">When a provider took it.</param>
/// <param name="Delivery">For operators only: whom it is for and what became of it.</param>
internal sealed record NotificationView(
    Guid Id,
    NotificationKind Kind,
    Channel? Channel,
    NotificationStatus Status,
    Guid OrderId,
    string Subject,
    DateTimeOffset CreatedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? SentAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DeliveryView? Delivery
)
{
    public static NotificationView Of(Notification notification, bool forOperator) =>
        new(
            notification.Id,
            notification.Kind,
            notification.Channel == Domain.Channel.Undecided ? null : notification.Channel,
            notification.Status,
            notification.OrderId,
            notification.Subject,
            notification.CreatedAt,
            notification.DueAt,
            notification.SentAt,
            forOperator
                ? new DeliveryView(
                    notification.UserId,
                    notification.Attempts,
                    notification.NextAttemptAt,
                    notification.Reason
                )
                : null
        );
}

/// <summary>What only operators are told: a provider's words may name servers.</summary>
internal sealed record DeliveryView(Guid UserId, int Attempts, DateTimeOffset? NextAttemptAt, string? Reason);
