using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Shop.Messaging;

/// <summary>Messaging for a module.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// Gives a bounded context its outbox and relay, its queue's dispatcher and its inbox. Call it once per module, each with
    /// its own <typeparamref name="TContext"/>, whose model calls
    /// <see cref="MessagingModelBuilderExtensions.AddMessaging"/>.
    /// </summary>
    /// <param name="builder">The host that is being built.</param>
    /// <param name="context">The context's name: its queue; its topic is <c>&lt;context&gt;-events</c>.</param>
    /// <param name="configure">Declares what the context publishes, sends and handles.</param>
    public static void AddMessaging<TContext>(
        this IHostApplicationBuilder builder,
        string context,
        Action<MessagingBuilder> configure
    )
        where TContext : DbContext
    {
        var messaging = new MessagingBuilder(topic: context + "-events");
        configure(messaging);
        var subscriptions = messaging.BuildSubscriptions();
        AddBus(builder);

        var services = builder.Services;
        services.AddSingleton(_ => new MessagingContext<TContext>(context, messaging.BuildRoutes(), subscriptions));
        services.AddSingleton<MessagingContext>(provider => provider.GetRequiredService<MessagingContext<TContext>>());
        AddOutbox<TContext>(services);
        AddInbox<TContext>(services);
        foreach (var handler in subscriptions.HandlerTypes)
        {
            services.TryAddScoped(handler);
        }
    }

    /// <summary>What the contexts of one process share.</summary>
    private static void AddBus(IHostApplicationBuilder builder)
    {
        if (!builder.Properties.TryAdd(typeof(MessagingExtensions), true))
        {
            return;
        }

        // Which of its spans are wanted, the service defaults decide.
        builder.AddAzureServiceBusClient("messaging", settings => settings.DisableTracing = true);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new MessagingSettings());
        services.AddSingleton<OutboxSender>();
        services.AddSingleton<MessagingHealthCheck>();
        services.AddHealthChecks().AddCheck<MessagingHealthCheck>("messaging");
    }

    private static void AddOutbox<TContext>(IServiceCollection services)
        where TContext : DbContext
    {
        services.AddScoped(provider => new Outbox<TContext>(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<MessagingContext<TContext>>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.ConfigureDbContext<TContext>(
            (provider, options) =>
                options.AddInterceptors(
                    new OutboxInterceptor(provider.GetRequiredService<MessagingContext<TContext>>().Signal)
                )
        );
        services.AddSingleton<OutboxStore<TContext>>();
        services.AddSingleton<OutboxLag<TContext>>();
        services.AddSingleton<OutboxLag>(provider => provider.GetRequiredService<OutboxLag<TContext>>());
        services.AddHostedService<OutboxRelay<TContext>>();
    }

    private static void AddInbox<TContext>(IServiceCollection services)
        where TContext : DbContext
    {
        services.AddSingleton<InboxTransaction<TContext>>();
        services.AddSingleton<MessageHandling<TContext>>();
        services.AddHostedService<Dispatcher<TContext>>();
        services.AddHostedService<InboxCleanUp<TContext>>();
    }
}
