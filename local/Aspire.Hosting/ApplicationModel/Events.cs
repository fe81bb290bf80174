using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The application is about to start; resources may still be added and changed.</summary>
/// <param name="services">The application's services.</param>
/// <param name="model">The resources.</param>
public class BeforeStartEvent(IServiceProvider services, DistributedApplicationModel model)
    : IDistributedApplicationEvent
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The resources.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>All resources have been handed to the engine.</summary>
/// <param name="services">The application's services.</param>
/// <param name="model">The resources.</param>
public class AfterResourcesCreatedEvent(IServiceProvider services, DistributedApplicationModel model)
    : IDistributedApplicationEvent
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The resources.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>The resource can set itself up; the application does not wait for it.</summary>
/// <param name="resource">The resource.</param>
/// <param name="distributedApplicationEventing">Tells others what happens.</param>
/// <param name="resourceLoggerService">The resources' logs.</param>
/// <param name="resourceNotificationService">The resources' states.</param>
/// <param name="services">The application's services.</param>
public class InitializeResourceEvent(
    IResource resource,
    IDistributedApplicationEventing distributedApplicationEventing,
    ResourceLoggerService resourceLoggerService,
    ResourceNotificationService resourceNotificationService,
    IServiceProvider services
) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>Tells others what happens.</summary>
    public IDistributedApplicationEventing Eventing { get; } = distributedApplicationEventing;

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; } = resourceLoggerService.GetLogger(resource);

    /// <summary>The resources' states.</summary>
    public ResourceNotificationService Notifications { get; } = resourceNotificationService;

    /// <inheritdoc />
    public IServiceProvider Services { get; } = services;
}

/// <summary>The resource's endpoints have addresses.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The application's services.</param>
public class ResourceEndpointsAllocatedEvent(IResource resource, IServiceProvider services)
    : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <inheritdoc />
    public IServiceProvider Services { get; } = services;
}

/// <summary>The resource's connection string is known.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The application's services.</param>
public class ConnectionStringAvailableEvent(IResource resource, IServiceProvider services)
    : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <inheritdoc />
    public IServiceProvider Services { get; } = services;
}

/// <summary>The resource is about to start; it starts when all subscribers have ended.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The application's services.</param>
public class BeforeResourceStartedEvent(IResource resource, IServiceProvider services)
    : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <inheritdoc />
    public IServiceProvider Services { get; } = services;
}

/// <summary>The resource runs and is healthy; those who wait for it go on when all subscribers have ended.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The application's services.</param>
public class ResourceReadyEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <inheritdoc />
    public IServiceProvider Services { get; } = services;
}

/// <summary>The resource has ended.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The application's services.</param>
/// <param name="resourceEvent">What is known about it.</param>
public class ResourceStoppedEvent(IResource resource, IServiceProvider services, ResourceEvent resourceEvent)
    : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <inheritdoc />
    public IServiceProvider Services { get; } = services;

    /// <summary>What is known about it.</summary>
    public ResourceEvent ResourceEvent { get; } = resourceEvent;
}

/// <summary>What is known about an instance of a resource has changed.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The instance's name.</param>
/// <param name="snapshot">What is known.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The instance's name.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
