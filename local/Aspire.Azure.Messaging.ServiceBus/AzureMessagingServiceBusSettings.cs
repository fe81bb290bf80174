using Azure.Core;

namespace Aspire.Azure.Messaging.ServiceBus;

/// <summary>
/// How a client reaches Service Bus. Bound from <c>Aspire:Azure:Messaging:ServiceBus</c>, then from its subsection named
/// after the connection.
/// </summary>
public sealed class AzureMessagingServiceBusSettings
{
    /// <summary>Gets or sets the connection string. It takes precedence over <see cref="FullyQualifiedNamespace"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets the host name of the namespace, such as <c>shop.servicebus.windows.net</c>.</summary>
    public string? FullyQualifiedNamespace { get; set; }

    /// <summary>Gets or sets the credential for the namespace. The default is <c>DefaultAzureCredential</c>.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>Gets or sets the queue that the health check peeks. Without a queue or topic there is no health check.</summary>
    public string? HealthCheckQueueName { get; set; }

    /// <summary>Gets or sets the topic that the health check opens. Without a queue or topic there is no health check.</summary>
    public string? HealthCheckTopicName { get; set; }

    /// <summary>
    /// Gets or sets whether the client's spans are left out. By default they are collected only if the SDK's switch
    /// <c>Azure.Experimental.EnableActivitySource</c> is on.
    /// </summary>
    public bool DisableTracing { get; set; } = !ActivitySourceIsEnabled;

    private static bool ActivitySourceIsEnabled =>
        AppContext.TryGetSwitch("Azure.Experimental.EnableActivitySource", out var enabled)
            ? enabled
            : Environment.GetEnvironmentVariable("AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE") is { } variable
                && (variable == "1" || variable.Equals("true", StringComparison.OrdinalIgnoreCase));
}
