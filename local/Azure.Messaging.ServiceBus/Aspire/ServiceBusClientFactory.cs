using Azure.Core.Extensions;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Azure;

namespace Aspire.Azure.Messaging.ServiceBus;

/// <summary>Makes the client that the settings describe.</summary>
internal static class ServiceBusClientFactory
{
    public static IAzureClientBuilder<ServiceBusClient, ServiceBusClientOptions> Register(
        AzureClientFactoryBuilder clients,
        AzureMessagingServiceBusSettings settings,
        string connectionName
    )
    {
        var client = ((IAzureClientFactoryBuilderWithCredential)clients).RegisterClientFactory<
            ServiceBusClient,
            ServiceBusClientOptions
        >(
            (options, credential) =>
                settings switch
                {
                    { ConnectionString.Length: > 0 } => new ServiceBusClient(settings.ConnectionString, options),
                    { FullyQualifiedNamespace.Length: > 0 } => new ServiceBusClient(
                        settings.FullyQualifiedNamespace,
                        settings.Credential ?? credential,
                        options
                    ),
                    _ => throw new InvalidOperationException(
                        $"Nothing says where Service Bus is. Set 'ConnectionStrings:{connectionName}', or 'ConnectionString' or 'FullyQualifiedNamespace' in 'Aspire:Azure:Messaging:ServiceBus'."
                    ),
                },
            requiresCredential: false
        );
        return settings.Credential is { } credential ? client.WithCredential(credential) : client;
    }
}
