using Aspire.Azure.Messaging.ServiceBus;
using Azure.Core.Extensions;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a <see cref="ServiceBusClient"/> with a health check and traces.</summary>
public static class AspireServiceBusExtensions
{
    private const string ConfigurationSection = "Aspire:Azure:Messaging:ServiceBus";

    /// <summary>Registers the application's <see cref="ServiceBusClient"/>, on <c>ConnectionStrings:{connectionName}</c>.</summary>
    /// <param name="builder">The application to add it to.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureClientBuilder">Changes how the client is made.</param>
    /// <exception cref="InvalidOperationException">When the client is first used, that nothing says where the broker is.</exception>
    public static void AddAzureServiceBusClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureMessagingServiceBusSettings>? configureSettings = null,
        Action<IAzureClientBuilder<ServiceBusClient, ServiceBusClientOptions>>? configureClientBuilder = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        Add(builder, connectionName, serviceKey: null, configureSettings, configureClientBuilder);
    }

    /// <summary>Registers a <see cref="ServiceBusClient"/> by a name, which is its connection string's too.</summary>
    /// <param name="builder">The application to add it to.</param>
    /// <param name="name">The service key and the name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureClientBuilder">Changes how the client is made.</param>
    /// <exception cref="InvalidOperationException">When the client is first used, that nothing says where the broker is.</exception>
    public static void AddKeyedAzureServiceBusClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<AzureMessagingServiceBusSettings>? configureSettings = null,
        Action<IAzureClientBuilder<ServiceBusClient, ServiceBusClientOptions>>? configureClientBuilder = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Add(builder, name, serviceKey: name, configureSettings, configureClientBuilder);
    }

    private static void Add(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<AzureMessagingServiceBusSettings>? configureSettings,
        Action<IAzureClientBuilder<ServiceBusClient, ServiceBusClientOptions>>? configureClientBuilder
    )
    {
        var section = builder.Configuration.GetSection(ConfigurationSection);
        var settings = new AzureMessagingServiceBusSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.Use(builder.Configuration.GetConnectionString(connectionName));
        configureSettings?.Invoke(settings);

        builder.Services.AddAzureClients(clients =>
        {
            var client = ServiceBusClientFactory.Register(clients, settings, connectionName);
            client.ConfigureOptions(options => section.GetSection("ClientOptions").Bind(options));
            client.ConfigureOptions(options => section.GetSection($"{connectionName}:ClientOptions").Bind(options));
            configureClientBuilder?.Invoke(client);
            if (serviceKey is not null)
            {
                client.WithName(serviceKey);
            }
        });
        if (serviceKey is not null)
        {
            builder.Services.AddKeyedSingleton(
                serviceKey,
                (services, key) =>
                    services.GetRequiredService<IAzureClientFactory<ServiceBusClient>>().CreateClient((string)key!)
            );
        }

        AddHealthCheck(builder, serviceKey, settings);
        if (!settings.DisableTracing)
        {
            builder
                .Services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddSource("Azure.Messaging.ServiceBus.*"));
        }
    }

    private static void AddHealthCheck(
        IHostApplicationBuilder builder,
        string? serviceKey,
        AzureMessagingServiceBusSettings settings
    )
    {
        var name = serviceKey is null ? "Azure_ServiceBusClient" : $"Azure_ServiceBusClient_{serviceKey}";
        if (
            (string.IsNullOrEmpty(settings.HealthCheckQueueName) && string.IsNullOrEmpty(settings.HealthCheckTopicName))
            // A name may be taken once only, or the health check service refuses to start.
            || !builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)
        )
        {
            return;
        }

        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    name,
                    services => new ServiceBusHealthCheck(
                        serviceKey is null
                            ? services.GetRequiredService<ServiceBusClient>()
                            : services.GetRequiredKeyedService<ServiceBusClient>(serviceKey),
                        settings.HealthCheckQueueName,
                        settings.HealthCheckTopicName
                    ),
                    failureStatus: null,
                    tags: null
                )
            );
    }
}
