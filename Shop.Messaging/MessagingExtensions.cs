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

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new MessagingContext<TContext>(
            context,
            messaging.BuildRoutes(),
            subscriptions
        ));
        services.AddScoped(provider => new Outbox<TContext>(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<MessagingContext<TContext>>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.ConfigureDbContext<TContext>(
            (provider, options) =>
                options.AddInterceptors(
                    new OutboxInterceptor(
                        provider.GetRequiredService<MessagingContext<TContext>>().Signal
                    )
                )
        );
        foreach (var handler in subscriptions.HandlerTypes)
        {
            services.TryAddScoped(handler);
        }
    }
}
