using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Eventing;

/// <summary>Something that happened in the application.</summary>
public interface IDistributedApplicationEvent;

/// <summary>Something that happened to a resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    /// <summary>The resource.</summary>
    IResource Resource { get; }

    /// <summary>The application's services.</summary>
    IServiceProvider Services => throw new InvalidOperationException($"{GetType().Name} has no services.");

    /// <summary>The resource's log.</summary>
    ILogger Logger => Services.GetRequiredService<ResourceLoggerService>().GetLogger(Resource);
}

/// <summary>How subscribers are called.</summary>
public enum EventDispatchBehavior
{
    /// <summary>One after the other; the publisher waits.</summary>
    BlockingSequential = 0,

    /// <summary>All at once; the publisher waits.</summary>
    BlockingConcurrent = 1,

    /// <summary>One after the other; the publisher does not wait.</summary>
    NonBlockingSequential = 2,

    /// <summary>All at once; the publisher does not wait.</summary>
    NonBlockingConcurrent = 3,
}

/// <summary>Tells subscribers what happens in the application.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Calls back on every event of a type.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="callback">Called on the event.</param>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    /// <summary>Calls back on every event of a type for one resource.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent;

    /// <summary>Ends a subscription.</summary>
    /// <param name="subscription">The subscription.</param>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Tells the subscribers, one after the other, and waits for them.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="event">What happened.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;

    /// <summary>Tells the subscribers.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="event">What happened.</param>
    /// <param name="dispatchBehavior">How they are called.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task PublishAsync<T>(
        T @event,
        EventDispatchBehavior dispatchBehavior,
        CancellationToken cancellationToken = default
    )
        where T : IDistributedApplicationEvent;
}

/// <summary>A subscription.</summary>
/// <param name="callback">Called on the event.</param>
public class DistributedApplicationEventSubscription(
    Func<IDistributedApplicationEvent, CancellationToken, Task> callback
)
{
    /// <summary>Called on the event.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}

/// <summary>A subscription to the events of one resource.</summary>
/// <param name="resource">The resource.</param>
/// <param name="callback">Called on the event.</param>
public class DistributedApplicationResourceEventSubscription(
    IResource? resource,
    Func<IDistributedApplicationResourceEvent, CancellationToken, Task> callback
)
    : DistributedApplicationEventSubscription(
        (@event, cancellationToken) => callback((IDistributedApplicationResourceEvent)@event, cancellationToken)
    )
{
    /// <summary>The resource.</summary>
    public IResource? Resource { get; } = resource;
}
