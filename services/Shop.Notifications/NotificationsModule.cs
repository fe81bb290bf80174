using Shop.Messaging;
using Shop.Notifications.Data;
using Shop.ServiceDefaults;

namespace Shop.Notifications;

/// <summary>Notifications: tells customers what became of their orders, by e-mail, SMS and push.</summary>
public sealed class NotificationsModule : IModule
{
    /// <inheritdoc />
    public static string Name => "notifications";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<NotificationsDbContext>("notificationsdb");
        builder.AddMessaging<NotificationsDbContext>(Name, messaging => { });
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints) => ArgumentNullException.ThrowIfNull(endpoints);
}
