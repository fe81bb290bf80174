using System.Threading.Channels;

namespace Shop.Ordering.Orders;

/// <summary>
/// Tells those who watch an order in this process that it may have changed. A hint: what another replica changes is found
/// by polling.
/// </summary>
internal sealed class OrderSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<Watch>> _watches = [];

    public bool IsAnybodyWaiting
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count > 0;
            }
        }
    }

    /// <summary>Begins to watch an order; ends with the watch's disposal.</summary>
    public Watch Subscribe(Guid orderId)
    {
        var watch = new Watch(this, orderId);
        lock (_lock)
        {
            if (!_watches.TryGetValue(orderId, out var watches))
            {
                _watches.Add(orderId, watches = []);
            }

            watches.Add(watch);
        }

        return watch;
    }

    /// <summary>Wakes all who watch one of these orders.</summary>
    public void Wake(IEnumerable<Guid> orderIds)
    {
        lock (_lock)
        {
            foreach (var orderId in orderIds)
            {
                _watches.GetValueOrDefault(orderId)?.ForEach(watch => watch.Wake());
            }
        }
    }

    private void Remove(Watch watch)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(watch.OrderId, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _watches.Remove(watch.OrderId);
            }
        }
    }

    /// <summary>One who watches. Several changes while nobody waits are one.</summary>
    internal sealed class Watch(OrderSignals signals, Guid orderId) : IDisposable
    {
        private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );

        public Guid OrderId => orderId;

        public void Wake() => _changed.Writer.TryWrite(true);

        /// <summary>Waits for a change, or for the time to pass.</summary>
        /// <exception cref="OperationCanceledException">It was cancelled.</exception>
        public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        {
            using var timer = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            try
            {
                await _changed.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The time has passed.
            }
        }

        public void Dispose() => signals.Remove(this);
    }
}
