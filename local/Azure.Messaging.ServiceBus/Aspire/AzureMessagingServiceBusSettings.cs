using System.Data.Common;
using Azure.Core;
using Azure.Messaging.ServiceBus.Diagnostics;

namespace Aspire.Azure.Messaging.ServiceBus;

/// <summary>
/// How a client reaches Service Bus. Bound from <c>Aspire:Azure:Messaging:ServiceBus</c>, then from its sub-section named
/// after the connection.
/// </summary>
public sealed class AzureMessagingServiceBusSettings
{
    private const string SubscriptionsSegment = "/Subscriptions/";

    /// <summary>Gets or sets the connection string; it wins over a namespace and credential.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets the host of the namespace, used with <see cref="Credential"/>.</summary>
    public string? FullyQualifiedNamespace { get; set; }

    /// <summary>Gets or sets who asks, when there is no connection string.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>Gets or sets the queue that the health check looks into; no health check without it or a topic.</summary>
    public string? HealthCheckQueueName { get; set; }

    /// <summary>Gets or sets the topic that the health check looks at; no health check without it or a queue.</summary>
    public string? HealthCheckTopicName { get; set; }

    /// <summary>Gets or sets the queue or topic that the connection string names.</summary>
    public string? QueueOrTopicName { get; set; }

    /// <summary>Gets or sets the subscription that the connection string names.</summary>
    public string? SubscriptionName { get; set; }

    /// <summary>
    /// Gets or sets whether spans are not collected. They are by default if the Azure SDK's switch
    /// <c>Azure.Experimental.EnableActivitySource</c> is on.
    /// </summary>
    public bool DisableTracing { get; set; } = !ActivitySourceSwitch.IsOn;

    /// <summary>Takes what <c>ConnectionStrings:{name}</c> has: a connection string, an endpoint or a host.</summary>
    internal void Use(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (!value.Contains('=', StringComparison.Ordinal))
        {
            FullyQualifiedNamespace = value;
            return;
        }

        var parts = new DbConnectionStringBuilder { ConnectionString = value };
        if (parts.TryGetValue("EntityPath", out var entityPath))
        {
            UseEntity((string)entityPath);
            parts.Remove("EntityPath");
        }

        if (parts.Count == 1 && parts.TryGetValue("Endpoint", out var endpoint))
        {
            FullyQualifiedNamespace = Uri.TryCreate((string)endpoint, UriKind.Absolute, out var uri)
                ? uri.Host
                : (string)endpoint;
            return;
        }

        // Without the entity, so that the client can be used for other entities as well.
        ConnectionString = string.Join(
            ';',
            value
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(part => !part.StartsWith("EntityPath=", StringComparison.OrdinalIgnoreCase))
        );
    }

    private void UseEntity(string entityPath)
    {
        var at = entityPath.IndexOf(SubscriptionsSegment, StringComparison.OrdinalIgnoreCase);
        if (at > 0 && at + SubscriptionsSegment.Length < entityPath.Length)
        {
            QueueOrTopicName = entityPath[..at];
            SubscriptionName = entityPath[(at + SubscriptionsSegment.Length)..];
        }
        else if (entityPath.Length > 0)
        {
            QueueOrTopicName = entityPath;
        }
    }
}
