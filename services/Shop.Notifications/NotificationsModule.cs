using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MimeKit;
using Shop.Messaging;
using Shop.Notifications.Api;
using Shop.Notifications.Data;
using Shop.Notifications.Messages;
using Shop.Notifications.Orders;
using Shop.Notifications.Providers;
using Shop.Notifications.Providers.Simulated;
using Shop.Notifications.Providers.Smtp;
using Shop.Notifications.Recipients;
using Shop.Notifications.Sending;
using Shop.Notifications.Templates;
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
        builder.AddMessaging<NotificationsDbContext>(
            Name,
            messaging =>
                messaging
                    .Handle<UserTold, UserEventHandler>(UserTold.RegisteredType)
                    .Handle<UserTold, UserEventHandler>(UserTold.ChangedType)
                    .Handle<OrderConfirmed, OrderEventHandler<OrderConfirmed>>(OrderConfirmed.Type)
                    .Handle<OrderCancelled, OrderEventHandler<OrderCancelled>>(OrderCancelled.Type)
                    .Handle<OrderShipped, OrderEventHandler<OrderShipped>>(OrderShipped.Type)
                    .Handle<OrderDelivered, OrderEventHandler<OrderDelivered>>(OrderDelivered.Type)
        );
        AddOptions(builder);
        AddProviders(builder);
        AddSending(builder);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapNotifications();
        endpoints.MapOperations(Name);
    }

    private static void AddOptions(IHostApplicationBuilder builder) =>
        builder
            .Services.AddSettings<NotificationsOptions>("Notifications")
            .Validate(
                options => MailboxAddress.TryParse(options.Sender, out _),
                "Notifications:Sender must be a mail address such as 'Shop <no-reply@example.com>'."
            );

    private static void AddProviders(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LocalOutbox>();
        builder.Services.AddSingleton<ISmsProvider, SimulatedSmsProvider>();
        builder.Services.AddSingleton<IPushProvider, SimulatedPushProvider>();
        builder.Services.AddConnectionString(
            "mail",
            "the mail server: smtp://host:port, or smtps://user:password@host:port",
            SettingNeed.OutsideDevelopment
        );
        if (builder.Configuration.GetConnectionString("mail") is null && builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton<IEmailProvider, SimulatedEmailProvider>();
            return;
        }

        builder.Services.AddSingleton(services =>
            SmtpServer.Parse(services.GetRequiredService<IConfiguration>().GetConnectionString("mail") ?? "")
        );
        builder.Services.AddSingleton<SmtpConnections>();
        builder.Services.AddSingleton<IEmailProvider, SmtpEmailProvider>();
    }

    private static void AddSending(IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureDbContext<NotificationsDbContext>(
            (services, options) => options.AddInterceptors(services.GetRequiredService<WakeAtCommit>())
        );
        builder.Services.AddSingleton<TemplateSet>();
        builder.Services.AddSingleton<SenderSignals>();
        builder.Services.AddSingleton<WakeAtCommit>();
        builder.Services.AddSingleton<NotificationMetrics>();
        builder.Services.AddSingleton<Delivery>();
        builder.Services.AddSingleton<DeliveryAttempt>();
        builder.Services.AddScoped<DeliveryOutcomes>();
        builder.Services.AddScoped<RecipientSearch>();
        builder.Services.AddScoped<NotificationClaims>();
        builder.Services.AddSingleton<NotificationSender>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NotificationSender>());
        builder.Services.AddSingleton<MailHealth>();
        builder.Services.AddHealthChecks().AddCheck<MailHealth>("mail", failureStatus: HealthStatus.Degraded);
    }
}
