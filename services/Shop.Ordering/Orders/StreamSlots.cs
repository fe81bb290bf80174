namespace Shop.Ordering.Orders;

/// <summary>How many streams each user has open in this process. A stream costs a connection and a query now and then.</summary>
internal sealed class StreamSlots
{
    public const int MaxPerUser = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>Takes a slot until the result is disposed; null when the user has none left.</summary>
    public IDisposable? TryTake(Guid userId)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault(userId);
            if (open == MaxPerUser)
            {
                return null;
            }

            _open[userId] = open + 1;
            return new Slot(this, userId);
        }
    }

    private void Return(Guid userId)
    {
        lock (_lock)
        {
            if (--_open[userId] == 0)
            {
                _open.Remove(userId);
            }
        }
    }

    private sealed class Slot(StreamSlots slots, Guid userId) : IDisposable
    {
        private bool _returned;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _returned, true))
            {
                slots.Return(userId);
            }
        }
    }
}
