namespace Shop.ServiceBusEmulator.Broker;

internal enum DeadlineKind : byte
{
    LockExpiry,
    TimeToLive,
    ScheduledEnqueue,
}

/// <summary>What one queue has to do at which time, with one timer set to the earliest.</summary>
/// <remarks>Used under the queue's lock. An entry whose message has moved on is dropped when it comes to the top.</remarks>
internal sealed class Deadlines : IDisposable
{
    private readonly record struct Entry(StoredMessage Message, DeadlineKind Kind, Guid LockToken)
    {
        public bool Stale => Message.Settling || (Kind == DeadlineKind.LockExpiry && Message.LockToken != LockToken);
    }

    private readonly PriorityQueue<Entry, (long, long)> entries = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private DateTimeOffset armedFor = DateTimeOffset.MaxValue;

    public Deadlines(TimeProvider time, Action due)
    {
        this.time = time;
        timer = time.CreateTimer(
            static state => ((Action)state!)(),
            due,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public void Add(StoredMessage message, DeadlineKind kind, DateTimeOffset at)
    {
        if (at < DateTimeOffset.MaxValue)
        {
            entries.Enqueue(new(message, kind, message.LockToken), (at.UtcTicks, message.SequenceNumber));
        }
    }

    /// <summary>The next entry that is due, if any.</summary>
    public bool TryTakeDue(DateTimeOffset now, out StoredMessage message, out DeadlineKind kind)
    {
        DropStale();
        if (entries.TryPeek(out var entry, out var at) && at.Item1 <= now.UtcTicks)
        {
            entries.Dequeue();
            (message, kind) = (entry.Message, entry.Kind);
            return true;
        }

        (message, kind) = (null!, default);
        return false;
    }

    /// <summary>Sets the timer to the earliest entry; to be called after changes.</summary>
    public void Arm()
    {
        DropStale();
        if (!entries.TryPeek(out _, out var at) || at.Item1 >= armedFor.UtcTicks)
        {
            return;
        }

        armedFor = new DateTimeOffset(at.Item1, TimeSpan.Zero);
        var wait = armedFor - time.GetUtcNow();
        // Timers take whole milliseconds: round up, or it fires early and finds nothing due.
        var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue);
        timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The timer has fired and must be set anew.</summary>
    public void Disarm() => armedFor = DateTimeOffset.MaxValue;

    public void Dispose() => timer.Dispose();

    private void DropStale()
    {
        while (entries.TryPeek(out var entry, out _) && entry.Stale)
        {
            entries.Dequeue();
        }
    }
}
