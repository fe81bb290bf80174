namespace Shop.AppHost.Infrastructure;

/// <summary>
/// Who listens to whom. Each context owns one queue, its inbox, named after it, and publishes on one topic,
/// <c>{context}-events</c> (a Service Bus namespace cannot hold a queue and a topic of the same name). A subscription
/// picks events by their subject, which is their type, and forwards them to the listener's queue.
/// </summary>
internal static class Topology
{
    public static readonly string[] Contexts =
    [
        "billing",
        "catalog",
        "inventory",
        "notifications",
        "ordering",
        "payments",
        "search",
        "users",
    ];

    /// <summary>The databases: one for each context, and the storefront's.</summary>
    public static readonly string[] Databases = [.. Contexts.Append("storefront").Select(owner => $"{owner}db")];

    public static readonly Subscription[] Subscriptions =
    [
        new(Publisher: "inventory", Listener: "catalog", "shop.inventory.stock-changed.v1"),
        new(
            Publisher: "inventory",
            Listener: "ordering",
            "shop.inventory.stock-reserved.v1",
            "shop.inventory.stock-reservation-failed.v1",
            "shop.inventory.stock-released.v1",
            "shop.inventory.stock-committed.v1"
        ),
        new(
            Publisher: "payments",
            Listener: "ordering",
            "shop.payments.payment-succeeded.v1",
            "shop.payments.payment-failed.v1",
            "shop.payments.payment-refunded.v1"
        ),
        // Ordering's read side listens to its own events, and to what Catalog says of the products in them.
        new(
            Publisher: "ordering",
            Listener: "ordering",
            "shop.ordering.order-created.v1",
            "shop.ordering.order-confirmed.v1",
            "shop.ordering.order-cancelled.v1",
            "shop.ordering.order-shipped.v1",
            "shop.ordering.order-delivered.v1"
        ),
        new(
            Publisher: "catalog",
            Listener: "ordering",
            "shop.catalog.product-created.v1",
            "shop.catalog.product-changed.v1",
            "shop.catalog.product-deleted.v1"
        ),
        new(
            Publisher: "catalog",
            Listener: "search",
            "shop.catalog.product-created.v1",
            "shop.catalog.product-changed.v1",
            "shop.catalog.product-deleted.v1"
        ),
        new(
            Publisher: "catalog",
            Listener: "inventory",
            "shop.catalog.product-created.v1",
            "shop.catalog.product-changed.v1",
            "shop.catalog.product-deleted.v1"
        ),
        new(Publisher: "inventory", Listener: "search", "shop.inventory.stock-changed.v1"),
        new(
            Publisher: "ordering",
            Listener: "billing",
            "shop.ordering.order-confirmed.v1",
            "shop.ordering.order-cancelled.v1"
        ),
        new(
            Publisher: "payments",
            Listener: "billing",
            "shop.payments.payment-succeeded.v1",
            "shop.payments.payment-refunded.v1"
        ),
        // An operator can refund an order only after it was shipped.
        new(Publisher: "ordering", Listener: "payments", "shop.ordering.order-shipped.v1"),
        new(
            Publisher: "users",
            Listener: "notifications",
            "shop.users.user-registered.v1",
            "shop.users.user-changed.v1"
        ),
        new(
            Publisher: "ordering",
            Listener: "notifications",
            "shop.ordering.order-confirmed.v1",
            "shop.ordering.order-cancelled.v1",
            "shop.ordering.order-shipped.v1",
            "shop.ordering.order-delivered.v1"
        ),
    ];

    public static string TopicOf(string context) => $"{context}-events";

    /// <summary>The last part of an event's type without its version: a rule's name has at most 50 characters.</summary>
    public static string RuleNameOf(string subject) => subject.Split('.')[^2];

    /// <summary>
    /// How long a consumer may hold a message before it is delivered again; consumers renew it while they work, so this
    /// is how long a message waits after its consumer was killed.
    /// </summary>
    public static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries before a message is dead-lettered.</summary>
    public const int MaxDeliveryCount = 10;

    /// <param name="Publisher">The context whose topic is listened to.</param>
    /// <param name="Listener">The context whose queue gets the events.</param>
    /// <param name="Subjects">The event types that are forwarded.</param>
    internal sealed record Subscription(string Publisher, string Listener, params string[] Subjects);
}
