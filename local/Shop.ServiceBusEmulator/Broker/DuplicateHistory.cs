namespace Shop.ServiceBusEmulator.Broker;

/// <summary>An id that was sent to an entity.</summary>
internal sealed class SeenMessage(string id, DateTimeOffset at)
{
    private volatile bool durable;

    public string Id { get; } = id;
    public DateTimeOffset At { get; } = at;

    /// <summary>Its message is on disk. Until then a crash forgets both.</summary>
    public bool IsDurable
    {
        get => durable;
        set => durable = value;
    }
}

/// <summary>The message ids that an entity has seen within its window; an id that is in it makes a duplicate.</summary>
/// <remarks>Ids leave in the order in which they came, whenever one is added: nothing is ever searched.</remarks>
internal sealed class DuplicateHistory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SeenMessage> seen = new(StringComparer.Ordinal);
    private readonly Queue<SeenMessage> inOrder = new();

    /// <summary>For how long an id is known.</summary>
    public TimeSpan Window { get; set; }

    /// <summary>Notes an id down; null when it is known already.</summary>
    public SeenMessage? Add(string id, DateTimeOffset now)
    {
        lock (gate)
        {
            Forget(now);
            var message = new SeenMessage(id, now);
            if (!seen.TryAdd(id, message))
            {
                return null;
            }

            inOrder.Enqueue(message);
            return message;
        }
    }

    /// <summary>The journal says that an id was seen.</summary>
    public void Restore(SeenMessage message, DateTimeOffset now)
    {
        lock (gate)
        {
            Forget(now);
            if (message.At + Window > now && seen.TryAdd(message.Id, message))
            {
                inOrder.Enqueue(message);
            }
        }
    }

    /// <summary>What a restart has to know.</summary>
    public IReadOnlyList<SeenMessage> Durable(DateTimeOffset now)
    {
        lock (gate)
        {
            Forget(now);
            return [.. inOrder.Where(message => message.IsDurable)];
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (inOrder.TryPeek(out var oldest) && oldest.At + Window <= now)
        {
            inOrder.Dequeue();
            seen.Remove(oldest.Id);
        }
    }
}
