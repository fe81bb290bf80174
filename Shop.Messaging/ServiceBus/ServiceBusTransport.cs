using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.ServiceDefaults;

namespace Shop.Messaging;

/// <summary>Azure Service Bus: a queue and a topic for each context, in a namespace that all processes share.</summary>
internal sealed class ServiceBusTransport : ITransport
{
    public string System => "servicebus";

    public void AddShared(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(NoLogForwarding());
        services.AddConnectionString(
            "messaging",
            "the Service Bus namespace: a connection string, or a host name for a managed identity",
            SettingNeed.Always
        );
        // Sending and handling a message have spans already (MessagingTelemetry); these would be second ones.
        builder.AddAzureServiceBusClient("messaging", settings => settings.DisableTracing = true);
        services.AddSingleton<IOutboxSender, ServiceBusOutboxSender>();
        services.AddSingleton<ServiceBusHealthCheck>();
        services.AddHealthChecks().AddCheck<ServiceBusHealthCheck>("messaging");
    }

    /// <summary>
    /// The SDK raises several events for each message, and its forwarder formats all of them before a log filter sees them.
    /// Errors are logged by the dispatcher and the relay. A disposed forwarder never starts again.
    /// </summary>
    private static AzureEventSourceLogForwarder NoLogForwarding()
    {
        var forwarder = new AzureEventSourceLogForwarder(NullLoggerFactory.Instance);
        forwarder.Start();
        forwarder.Dispose();
        return forwarder;
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
