using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Shows connection strings in the dashboard as soon as they are known.</summary>
internal sealed class ConnectionStringPublisher(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IDistributedApplicationEventing eventing
)
{
    public void Subscribe() =>
        eventing.Subscribe<ConnectionStringAvailableEvent>(
            async (@event, cancellationToken) =>
            {
                if (@event.Resource is not IResourceWithConnectionString resource)
                {
                    return;
                }

                try
                {
                    var value = await resource.GetConnectionStringAsync(cancellationToken);
                    await notifications.PublishUpdateAsync(
                        resource,
                        snapshot =>
                            snapshot with
                            {
                                Properties = snapshot.Properties.Set(
                                    CustomResourceKnownProperties.ConnectionString,
                                    value,
                                    isSensitive: true
                                ),
                            }
                    );
                }
                catch (DistributedApplicationException exception)
                {
                    logs.GetLogger(resource).LogError("{Message}", exception.Message);
                }
            }
        );
}
