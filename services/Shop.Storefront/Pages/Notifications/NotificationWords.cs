using Shop.Storefront.Api;

namespace Shop.Storefront.Pages.Notifications;

/// <summary>What a notification is and what became of it, in words.</summary>
internal static class NotificationWords
{
    /// <summary>What it is about and how it goes.</summary>
    public static string What(Notification notification) =>
        Kind(notification.Kind)
        + notification.Channel switch
        {
            "Email" => " by e-mail",
            "Sms" => " by SMS",
            "Push" => " by push message",
            _ => "",
        };

    public static string Status(Notification notification, DateTimeOffset now) =>
        notification.Status switch
        {
            "Sent" => "Sent",
            "Pending" => notification.DueAt > now ? "Planned" : "Being sent",
            "WaitingForRecipient" => "Being prepared",
            "Suppressed" => "Not sent: turned off",
            "Cancelled" => "Not sent: out of date",
            "DeadLettered" => "Could not be delivered",
            _ => notification.Status,
        };

    public static string Style(Notification notification) =>
        notification.Status switch
        {
            "Sent" => "badge-good",
            "DeadLettered" => "badge-bad",
            _ => "",
        };

    private static string Kind(string kind) =>
        kind switch
        {
            "OrderConfirmed" => "Order confirmed",
            "OrderCancelled" => "Order cancelled",
            "OrderShipped" => "Order shipped",
            "OrderDelivered" => "Order delivered",
            "DeliveryNotification" => "Delivery news",
            _ => kind,
        };
}
