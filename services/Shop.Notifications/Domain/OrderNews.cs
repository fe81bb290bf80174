namespace Shop.Notifications.Domain;

/// <summary>Something happened to an order, of which its customer is to be told.</summary>
internal sealed record OrderNews(NotificationKind Kind, Guid OrderId, Guid UserId, OrderFacts Facts);

/// <summary>
/// What news do to other news of the same order. Events come in any order, so each rule is there from both sides: what makes
/// earlier news pointless, and what makes news pointless that come too late.
/// </summary>
internal static class Precedence
{
    private static readonly (NotificationKind Later, NotificationKind Earlier, string Reason)[] Rules =
    [
        (NotificationKind.OrderCancelled, NotificationKind.OrderConfirmed, "The order was cancelled."),
        (NotificationKind.OrderCancelled, NotificationKind.DeliveryNotification, "The order was cancelled."),
        (NotificationKind.OrderDelivered, NotificationKind.OrderShipped, "The order was delivered."),
        (NotificationKind.OrderDelivered, NotificationKind.DeliveryNotification, "The order was delivered."),
    ];

    /// <summary>What need not be told any more once this is, with the reason.</summary>
    public static IEnumerable<(NotificationKind Kind, string Reason)> MadePointlessBy(NotificationKind kind) =>
        Rules.Where(rule => rule.Later == kind).Select(rule => (rule.Earlier, rule.Reason));

    /// <summary>Why this need not be told any more after what is known already; null when it must.</summary>
    public static string? WhyPointless(NotificationKind kind, IReadOnlyCollection<NotificationKind> known) =>
        Rules.FirstOrDefault(rule => rule.Earlier == kind && known.Contains(rule.Later)).Reason;
}
