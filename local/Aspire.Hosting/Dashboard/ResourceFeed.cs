using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>Keeps the latest view of every resource and passes changes on to whoever watches.</summary>
internal sealed class ResourceFeed(ResourceNotificationService notifications, TimeProvider time) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Wire.Resource> _latest = [];
    private readonly HashSet<Subscription> _subscriptions = [];
    private readonly DateTime _since = time.GetUtcNow().UtcDateTime;

    /// <summary>Begins to watch; dispose the result to stop.</summary>
    public Subscription Subscribe()
    {
        lock (_gate)
        {
            var subscription = new Subscription(this, [.. _latest.Values]);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                Publish(WireResource.From(change, _since));
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private void Publish(Wire.Resource resource)
    {
        lock (_gate)
        {
            _latest[resource.Name] = resource;
            foreach (var subscription in _subscriptions)
            {
                subscription.Add(resource);
            }
        }
    }

    /// <summary>What one watcher has not seen yet: of each resource the latest view only, so it cannot grow.</summary>
    internal sealed class Subscription(ResourceFeed feed, IReadOnlyList<Wire.Resource> initial) : IDisposable
    {
        private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        private Dictionary<string, Wire.Resource> _pending = [];

        /// <summary>What there was when watching began.</summary>
        public IReadOnlyList<Wire.Resource> Initial { get; } = initial;

        /// <summary>What has changed since the last time; waits for a change.</summary>
        public async Task<IReadOnlyCollection<Wire.Resource>> NextAsync(CancellationToken ct)
        {
            await _signal.Reader.ReadAsync(ct);
            lock (feed._gate)
            {
                var changes = _pending;
                _pending = [];
                return changes.Values;
            }
        }

        /// <inheritdoc />
        public void Dispose()
        {
            lock (feed._gate)
            {
                feed._subscriptions.Remove(this);
            }
        }

        internal void Add(Wire.Resource resource)
        {
            _pending[resource.Name] = resource;
            _signal.Writer.TryWrite(true);
        }
    }
}
