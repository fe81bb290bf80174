using Shop.Notifications.Domain;
using Shop.Notifications.Messages;

namespace Shop.Notifications.Tests;

/// <summary>People and orders that a test can begin with; each is another one.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Somebody who wants what is said, by default e-mail alone.</summary>
    public static UserTold Somebody(
        bool email = true,
        bool sms = false,
        bool push = false,
        string? phone = null,
        string name = "Ada Lovelace",
        long version = 1
    )
    {
        var id = Guid.CreateVersion7();
        return new UserTold(
            id,
            $"user-{id:N}@example.test",
            name,
            phone ?? (sms ? NumberOf(id) : null),
            new UserPreferences(email, sms, push),
            version
        );
    }

    public static OrderConfirmed Confirmed(UserTold by, Guid? order = null, params OrderConfirmedItem[] items) =>
        new(
            order ?? Guid.CreateVersion7(),
            by.UserId,
            items.Length > 0 ? items : [new OrderConfirmedItem("Umbrella", 2, 39.80m)],
            Subtotal: 139.80m,
            Discount: 13.98m,
            Tax: 8.81m,
            Total: 134.63m,
            Currency: "USD",
            new PostalAddress(["Ada Lovelace", "12 St James's Square", "Denver, CO 80202", "United States"]),
            Noon
        );

    public static OrderCancelled Cancelled(Guid order, Guid user, bool wasConfirmed = true) =>
        new(order, user, "You have cancelled the order.", wasConfirmed, Noon);

    public static OrderShipped Shipped(Guid order, Guid user) => new(order, user, "UPS", "1Z999AA10123456784", Noon);

    public static OrderDelivered Delivered(Guid order, Guid user) => new(order, user, Noon);

    private static string NumberOf(Guid id) =>
        $"+1{Math.Abs(BitConverter.ToInt64(id.ToByteArray(), 8) % 9_000_000_000L) + 1_000_000_000L}";
}
