using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shop.ServiceDefaults;

namespace Shop.Messaging;

/// <summary>Messaging for a module.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// The setting that chooses what carries the messages: <c>ServiceBus</c>, the default, or <c>InProcess</c>, where
    /// all contexts are in one process.
    /// </summary>
    public const string TransportSetting = "Messaging:Transport";

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
        var messaging = new MessagingBuilder(topic: MessagingContext.TopicOf(context));
        configure(messaging);
        var subscriptions = messaging.BuildSubscriptions();
        var transport = AddShared(builder);

        var services = builder.Services;
        services.AddSingleton(_ => new MessagingContext<TContext>(context, messaging.BuildRoutes(), subscriptions));
        services.AddSingleton<MessagingContext>(provider => provider.GetRequiredService<MessagingContext<TContext>>());
        AddOutbox<TContext>(services);
        AddInbox<TContext>(services);
        transport.AddReceiver<TContext>(services);
        foreach (var handler in subscriptions.HandlerTypes)
        {
            services.TryAddScoped(handler);
        }
    }

    /// <summary>What the contexts of one process share.</summary>
    private static ITransport AddShared(IHostApplicationBuilder builder)
    {
        if (builder.Properties.TryGetValue(typeof(ITransport), out var added))
        {
            return (ITransport)added;
        }

        builder.Services.AddSettings<MessagingOptions>(MessagingOptions.Section);
        var transport = ChooseTransport(builder.Configuration[TransportSetting]);
        builder.Properties.Add(typeof(ITransport), transport);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new MessagingSettings());
        services.AddSingleton(transport);
        transport.AddShared(builder);
        services.AddDeadLetterVerbs();
        services.AddSingleton<DeadLetterCounts>();
        services.AddHostedService<DeadLetterCounting>();
        return transport;
    }

    private static ITransport ChooseTransport(string? name) =>
        name switch
        {
            null or "" or nameof(TransportKind.ServiceBus) => new ServiceBusTransport(),
            nameof(TransportKind.InProcess) => new InProcessTransport(),
            _ => throw new SettingException(
                $"{TransportSetting} is '{name}'; it takes 'ServiceBus' (the default) or 'InProcess'."
            ),
        };

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
            {
                var signal = provider.GetRequiredService<MessagingContext<TContext>>().Signal;
                options.AddInterceptors(new OutboxInsertion(signal), new OutboxInterceptor(signal));
            }
        );
        services.AddSingleton<OutboxStore<TContext>>();
        services.AddSingleton<OutboxLag<TContext>>();
        services.AddSingleton<OutboxLag>(provider => provider.GetRequiredService<OutboxLag<TContext>>());
        services.AddSingleton<OutboxReader, OutboxReader<TContext>>();
        services.AddHostedService<OutboxRelay<TContext>>();
    }

    private static void AddInbox<TContext>(IServiceCollection services)
        where TContext : DbContext
    {
        services.AddSingleton<InboxTransaction<TContext>>();
        services.AddSingleton<InboxBatches<TContext>>();
        services.AddSingleton<MessageHandling<TContext>>();
        services.AddHostedService<InboxCleanUp<TContext>>();
    }
}
