namespace Shop.ServiceBusEmulator.Broker;

/// <summary>The messages of one session id, on which one receiver at a time works. Changed only under its queue's lock.</summary>
internal sealed class MessageSession(string id)
{
    public string Id { get; } = id;

    /// <summary>Its messages that may be delivered.</summary>
    public ReadyList Ready { get; } = new();

    /// <summary>All its messages, in whatever state.</summary>
    public int Messages { get; set; }

    /// <summary>Messages on their way back through the journal. Later ones wait for them, or the order would be lost.</summary>
    public int Returning { get; set; }

    /// <summary>What a receiver has noted down for whoever works on the session next.</summary>
    public byte[]? State { get; set; }

    public DateTimeOffset StateUpdatedAt { get; set; }

    /// <summary>Who works on it; null when nobody does.</summary>
    public Consumer? Holder { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>Ends the lock when it is not renewed.</summary>
    public ITimer? Expiry { get; set; }

    /// <summary>It is in line for the next receiver that takes any session.</summary>
    public bool Offered { get; set; }

    public bool IsEmpty => Messages == 0 && State is null && Holder is null;
}
