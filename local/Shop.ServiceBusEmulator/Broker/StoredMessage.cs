namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Where a message stands when nobody holds its lock.</summary>
internal enum MessageState : byte
{
    Active = 0,
    Deferred = 1,
    Scheduled = 2,
}

/// <summary>One message in one queue. Changed only under its queue's lock.</summary>
internal sealed class StoredMessage
{
    public required MessageContent Content { get; init; }
    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>Given out by the journal, so that the order on disk is the order of the numbers.</summary>
    public long SequenceNumber { get; set; }
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>When a scheduled message is due; else <see cref="DateTimeOffset.MinValue"/>.</summary>
    public DateTimeOffset ScheduledFor { get; init; }

    /// <summary>The queue or subscription that dead-lettered the message.</summary>
    public string? DeadLetterSource { get; init; }
    public MessageState State { get; set; }

    /// <summary>Finished attempts; the attempt under way is not in it.</summary>
    public int DeliveryCount { get; set; }

    /// <summary>Application properties that were set or changed while the message was here.</summary>
    public IReadOnlyDictionary<string, object?> ChangedProperties { get; set; } = MessageProperties.NoProperties;

    /// <summary>Not empty while a receiver holds the message.</summary>
    public Guid LockToken { get; set; }
    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>The session that it belongs to; null in a queue without sessions.</summary>
    public MessageSession? Session { get; set; }

    /// <summary>Its end is on the way to the journal: nobody may touch it any more.</summary>
    public bool Settling { get; set; }

    /// <summary>A transaction that is not over settles it. Its lock may still expire.</summary>
    public bool Enlisted { get; set; }

    public bool IsLocked => LockToken != Guid.Empty;

    /// <summary>A message of a session is held for as long as its session is.</summary>
    public bool IsHeldAt(DateTimeOffset now) => IsLocked && (Session?.LockedUntil ?? LockedUntil) > now;

    public void Unlock()
    {
        LockToken = Guid.Empty;
        LockedUntil = default;
        Enlisted = false;
    }

    public void Change(IReadOnlyDictionary<string, object?>? properties)
    {
        if (properties is not { Count: > 0 })
        {
            return;
        }

        var merged = new Dictionary<string, object?>(ChangedProperties);
        foreach (var (name, value) in properties)
        {
            merged[name] = value;
        }

        ChangedProperties = merged;
    }
}
