using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting;

/// <summary>Subscriptions in the fluent style.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Calls back before the application starts.</summary>
    /// <typeparam name="T">The builder's type.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="callback">Called on the event.</param>
    public static T OnBeforeStart<T>(this T builder, Func<BeforeStartEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder
    {
        builder.Eventing.Subscribe(callback);
        return builder;
    }

    /// <summary>Calls back before the resource starts; it starts when the callback has ended.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    public static IResourceBuilder<T> OnBeforeResourceStarted<T>(
        this IResourceBuilder<T> builder,
        Func<T, BeforeResourceStartedEvent, CancellationToken, Task> callback
    )
        where T : IResource => builder.On(callback);

    /// <summary>Calls back when the resource's connection string is known.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    public static IResourceBuilder<T> OnConnectionStringAvailable<T>(
        this IResourceBuilder<T> builder,
        Func<T, ConnectionStringAvailableEvent, CancellationToken, Task> callback
    )
        where T : IResourceWithConnectionString => builder.On(callback);

    /// <summary>Calls back when the resource can set itself up.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    public static IResourceBuilder<T> OnInitializeResource<T>(
        this IResourceBuilder<T> builder,
        Func<T, InitializeResourceEvent, CancellationToken, Task> callback
    )
        where T : IResource => builder.On(callback);

    /// <summary>Calls back when the resource's endpoints have addresses.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    public static IResourceBuilder<T> OnResourceEndpointsAllocated<T>(
        this IResourceBuilder<T> builder,
        Func<T, ResourceEndpointsAllocatedEvent, CancellationToken, Task> callback
    )
        where T : IResourceWithEndpoints => builder.On(callback);

    /// <summary>Calls back when the resource runs and is healthy.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    public static IResourceBuilder<T> OnResourceReady<T>(
        this IResourceBuilder<T> builder,
        Func<T, ResourceReadyEvent, CancellationToken, Task> callback
    )
        where T : IResource => builder.On(callback);

    /// <summary>Calls back when the resource has ended.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Called on the event.</param>
    public static IResourceBuilder<T> OnResourceStopped<T>(
        this IResourceBuilder<T> builder,
        Func<T, ResourceStoppedEvent, CancellationToken, Task> callback
    )
        where T : IResource => builder.On(callback);

    private static IResourceBuilder<T> On<T, TEvent>(
        this IResourceBuilder<T> builder,
        Func<T, TEvent, CancellationToken, Task> callback
    )
        where T : IResource
        where TEvent : IDistributedApplicationResourceEvent
    {
        builder.ApplicationBuilder.Eventing.Subscribe<TEvent>(
            builder.Resource,
            (@event, cancellationToken) => callback(builder.Resource, @event, cancellationToken)
        );
        return builder;
    }
}
