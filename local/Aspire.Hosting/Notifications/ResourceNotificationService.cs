using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How <see cref="ResourceNotificationService" /> behaves.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What a wait does when the other resource fails, if the wait does not say it.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;
}

/// <summary>Keeps what is known about the resources, and tells those who want to know.</summary>
public partial class ResourceNotificationService : IDisposable
{
    private readonly ConcurrentDictionary<string, State> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _watchersGate = new();
    private ImmutableList<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _stopping;
    private readonly IServiceProvider _services;
    private readonly ResourceLoggerService _loggers;
    private readonly ILogger _logger;

    /// <summary>Creates the service.</summary>
    /// <param name="logger">Its log.</param>
    /// <param name="hostApplicationLifetime">Says when the application stops.</param>
    /// <param name="serviceProvider">The application's services.</param>
    /// <param name="resourceLoggerService">The resources' logs.</param>
    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService
    )
    {
        _logger = logger;
        _services = serviceProvider;
        _loggers = resourceLoggerService;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(hostApplicationLifetime.ApplicationStopping);
    }

    private WaitBehavior DefaultWaitBehavior =>
        _services.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
        ?? WaitBehavior.StopOnResourceUnavailable;

    /// <summary>Changes what is known about a resource, or about all of its instances.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new snapshot of the old.</param>
    public async Task PublishUpdateAsync(
        IResource resource,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    )
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var name in ResourceInstances.NamesOf(resource))
        {
            await PublishUpdateAsync(resource, name, stateFactory);
        }
    }

    /// <summary>Changes what is known about an instance of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The instance's name.</param>
    /// <param name="stateFactory">Makes the new snapshot of the old.</param>
    public Task PublishUpdateAsync(
        IResource resource,
        string resourceId,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    )
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        var state = _states.GetOrAdd(resourceId, static (id, resource) => new State(resource, id), resource);

        // Under the lock, so that everybody sees the changes in their order.
        lock (state)
        {
            var previous = state.Current?.Snapshot;
            var next = stateFactory(previous ?? InitialSnapshots.Of(resource));
            if (next == previous)
            {
                return Task.CompletedTask;
            }

            next = CommandStates.Update(resource, next, _services);
            state.Current = new ResourceEvent(resource, resourceId, next);
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(state.Current);
            }

            if (previous?.State?.Text != next.State?.Text)
            {
                _logger.LogDebug(
                    "Resource {ResourceId} changed state: {Previous} -> {Next}",
                    resourceId,
                    previous?.State?.Text,
                    next.State?.Text
                );
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>What is known now about all resources, and then every change.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        ChangeWatchers(watchers => watchers.Add(channel));
        try
        {
            foreach (var state in _states.Values)
            {
                // A change may be seen twice, but none is missed and none comes after a later one.
                lock (state)
                {
                    if (state.Current is not null)
                    {
                        channel.Writer.TryWrite(state.Current);
                    }
                }
            }

            await foreach (var change in channel.Reader.ReadAllAsync(either.Token))
            {
                yield return change;
            }
        }
        finally
        {
            ChangeWatchers(watchers => watchers.Remove(channel));
        }
    }

    /// <summary>What is known now about an instance, or about a resource that has one instance.</summary>
    /// <param name="resourceId">The instance's or the resource's name.</param>
    /// <param name="resourceEvent">What is known.</param>
    public bool TryGetCurrentState(
        string resourceId,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent
    )
    {
        resourceEvent =
            _states.TryGetValue(resourceId, out var state) ? state.Current
            : _states.Values.Where(s => SameName(s.Resource.Name, resourceId)).Select(s => s.Current).ToArray()
                is [{ } only]
                ? only
            : null;
        return resourceEvent is not null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Cancel();
        GC.SuppressFinalize(this);
    }

    private void ChangeWatchers(
        Func<ImmutableList<Channel<ResourceEvent>>, ImmutableList<Channel<ResourceEvent>>> change
    )
    {
        lock (_watchersGate)
        {
            _watchers = change(_watchers);
        }
    }

    private static bool SameName(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private sealed class State(IResource resource, string id)
    {
        public IResource Resource { get; } = resource;

        public string Id { get; } = id;

        public ResourceEvent? Current { get; set; }
    }
}
