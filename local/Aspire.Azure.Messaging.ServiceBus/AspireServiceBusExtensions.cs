using Aspire.Azure.Messaging.ServiceBus;
using Azure.Core.Extensions;
using Azure.Identity;
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

    /// <summary>
    /// Registers a singleton <see cref="ServiceBusClient"/>. <c>ConnectionStrings:{connectionName}</c> holds a connection
    /// string, or the namespace's address, which is used with a credential.
    /// </summary>
    /// <param name="builder">The application to add the client to.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read from the configuration.</param>
    /// <param name="configureClientBuilder">Changes how the client is made.</param>
    /// <exception cref="InvalidOperationException">Neither a connection string nor a namespace is configured; thrown on first use.</exception>
    public static void AddAzureServiceBusClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureMessagingServiceBusSettings>? configureSettings = null,
        Action<IAzureClientBuilder<ServiceBusClient, ServiceBusClientOptions>>? configureClientBuilder = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(ConfigurationSection);
        var settings = ReadSettings(section, connectionName, builder.Configuration.GetConnectionString(connectionName));
        configureSettings?.Invoke(settings);

        builder.Services.AddAzureClients(clients =>
        {
            var client = Register(clients, settings, connectionName);
            client.ConfigureOptions(options => section.GetSection("ClientOptions").Bind(options));
            client.ConfigureOptions(options => section.GetSection($"{connectionName}:ClientOptions").Bind(options));
            configureClientBuilder?.Invoke(client);
        });
        if (settings.HealthCheckQueueName is not null || settings.HealthCheckTopicName is not null)
        {
            builder
                .Services.AddHealthChecks()
                .Add(
                    new HealthCheckRegistration(
                        "Azure_ServiceBusClient",
                        services => new HealthCheck(services.GetRequiredService<ServiceBusClient>(), settings),
                        failureStatus: null,
                        tags: null
                    )
                );
        }

        if (!settings.DisableTracing)
        {
            builder
                .Services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddSource("Azure.Messaging.ServiceBus.*"));
        }
    }

    private static AzureMessagingServiceBusSettings ReadSettings(
        IConfigurationSection section,
        string connectionName,
        string? connection
    )
    {
        var settings = new AzureMessagingServiceBusSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (string.IsNullOrEmpty(connection))
            return settings;

        if (connection.Contains("SharedAccess", StringComparison.OrdinalIgnoreCase))
            settings.ConnectionString = connection;
        else
            settings.FullyQualifiedNamespace = HostOf(connection);
        return settings;
    }

    // "Endpoint=sb://shop.servicebus.windows.net/", "https://shop.servicebus.windows.net:443/" or just the host.
    private static string HostOf(string connection)
    {
        var address = connection.Split(';')[0];
        if (address.StartsWith("Endpoint=", StringComparison.OrdinalIgnoreCase))
            address = address["Endpoint=".Length..];
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host : address;
    }

    private static IAzureClientBuilder<ServiceBusClient, ServiceBusClientOptions> Register(
        AzureClientFactoryBuilder clients,
        AzureMessagingServiceBusSettings settings,
        string connectionName
    ) =>
        clients.AddClient<ServiceBusClient, ServiceBusClientOptions>(options =>
            settings switch
            {
                { ConnectionString.Length: > 0 } => new ServiceBusClient(settings.ConnectionString, options),
                { FullyQualifiedNamespace.Length: > 0 } => new ServiceBusClient(
                    settings.FullyQualifiedNamespace,
                    settings.Credential ?? new DefaultAzureCredential(),
                    options
                ),
                _ => throw new InvalidOperationException(
                    $"The address of Service Bus is missing. Set 'ConnectionStrings:{connectionName}', or 'ConnectionString' or 'FullyQualifiedNamespace' in '{ConfigurationSection}'."
                ),
            }
        );

    private sealed class HealthCheck(ServiceBusClient client, AzureMessagingServiceBusSettings settings) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                if (settings.HealthCheckQueueName is { } queue)
                {
                    await using var receiver = client.CreateReceiver(queue);
                    await receiver.PeekMessageAsync(cancellationToken: cancellationToken);
                }
                else
                {
                    await using var sender = client.CreateSender(settings.HealthCheckTopicName);
                    using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
                }

                return HealthCheckResult.Healthy();
            }
            catch (Exception error)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, error.Message, error);
            }
        }
    }
}
