using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc />
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly ConcurrentDictionary<
        Type,
        ImmutableArray<DistributedApplicationEventSubscription>
    > _subscriptions = [];

    internal ILogger Logger { get; set; } = NullLogger.Instance;

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent =>
        Add<T>(new((@event, cancellationToken) => callback((T)@event, cancellationToken)));

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(
        IResource resource,
        Func<T, CancellationToken, Task> callback
    )
        where T : IDistributedApplicationResourceEvent =>
        Add<T>(
            new DistributedApplicationResourceEventSubscription(
                resource,
                (@event, cancellationToken) =>
                    @event.Resource == resource ? callback((T)@event, cancellationToken) : Task.CompletedTask
            )
        );

    /// <inheritdoc />
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        foreach (var type in _subscriptions.Keys)
        {
            _subscriptions.AddOrUpdate(type, [], (_, all) => all.Remove(subscription));
        }
    }

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent =>
        PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc />
    public Task PublishAsync<T>(
        T @event,
        EventDispatchBehavior dispatchBehavior,
        CancellationToken cancellationToken = default
    )
        where T : IDistributedApplicationEvent
    {
        var callbacks = _subscriptions.TryGetValue(typeof(T), out var found) ? found : [];
        switch (dispatchBehavior)
        {
            case EventDispatchBehavior.BlockingSequential:
                return InTurn(callbacks, @event, cancellationToken);
            case EventDispatchBehavior.BlockingConcurrent:
                return AtOnce(callbacks, @event, cancellationToken);
            case EventDispatchBehavior.NonBlockingSequential:
                _ = Logged(InTurn(callbacks, @event, cancellationToken), typeof(T));
                return Task.CompletedTask;
            default:
                _ = Logged(AtOnce(callbacks, @event, cancellationToken), typeof(T));
                return Task.CompletedTask;
        }
    }

    private DistributedApplicationEventSubscription Add<T>(DistributedApplicationEventSubscription subscription)
    {
        _subscriptions.AddOrUpdate(typeof(T), [subscription], (_, others) => others.Add(subscription));
        return subscription;
    }

    private static async Task InTurn(
        ImmutableArray<DistributedApplicationEventSubscription> subscriptions,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken
    )
    {
        foreach (var subscription in subscriptions)
        {
            await subscription.Callback(@event, cancellationToken);
        }
    }

    private static Task AtOnce(
        ImmutableArray<DistributedApplicationEventSubscription> subscriptions,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken
    ) => Task.WhenAll(subscriptions.Select(s => InTurn([s], @event, cancellationToken)));

    private async Task Logged(Task dispatch, Type type)
    {
        try
        {
            await dispatch;
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
        catch (Exception exception)
        {
            Logger.LogError(exception, "A subscriber of {Event} failed.", type.Name);
        }
    }
}
