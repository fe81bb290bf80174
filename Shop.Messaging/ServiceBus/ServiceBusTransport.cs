using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.Messaging;

/// <summary>Azure Service Bus: a queue and a topic for each context, in a namespace that all processes share.</summary>
internal sealed class ServiceBusTransport : ITransport
{
    public string System => "servicebus";

    public void AddShared(IHostApplicationBuilder builder)
    {
        // Which of its spans are wanted, the service defaults decide.
        builder.AddAzureServiceBusClient("messaging", settings => settings.DisableTracing = true);
        var services = builder.Services;
        services.AddSingleton<IOutboxSender, ServiceBusOutboxSender>();
        services.AddSingleton<ServiceBusHealthCheck>();
        services.AddHealthChecks().AddCheck<ServiceBusHealthCheck>("messaging");
    }

    public void AddReceiver<TContext>(IServiceCollection services)
        where TContext : DbContext
    {
        services.AddSingleton<DeadLetterQueue>(provider =>
            ActivatorUtilities.CreateInstance<ServiceBusDeadLetters>(
                provider,
                provider.GetRequiredService<MessagingContext<TContext>>()
            )
        );
        services.AddHostedService<ServiceBusDispatcher<TContext>>();
    }
}
