namespace Shop.Notifications.Domain;

/// <summary>What a notification is about.</summary>
internal enum NotificationKind
{
    OrderConfirmed,
    OrderCancelled,
    OrderShipped,
    OrderDelivered,

    /// <summary>Tells, an hour after the confirmation, that the delivery is being prepared. By push only.</summary>
    DeliveryNotification,
}
