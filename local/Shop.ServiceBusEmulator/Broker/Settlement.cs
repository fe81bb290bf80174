namespace Shop.ServiceBusEmulator.Broker;

internal enum SettlementKind
{
    Complete,
    Abandon,
    Defer,
    DeadLetter,
}

/// <summary>What a receiver does with a message that it holds, within a transaction.</summary>
internal sealed class Settlement(MessageQueue queue, Guid lockToken, SettlementKind kind)
{
    public MessageQueue Queue { get; } = queue;
    public Guid LockToken { get; } = lockToken;
    public SettlementKind Kind { get; } = kind;

    /// <summary>Properties that are set or changed.</summary>
    public IReadOnlyDictionary<string, object?>? Properties { get; init; }

    /// <summary>Why the message is a dead letter.</summary>
    public string? Reason { get; init; }

    public string? Description { get; init; }

    /// <summary>Told when it cannot be lost any more.</summary>
    public Action? Committed { get; init; }

    /// <summary>The message, from the moment on in which the commit has taken it.</summary>
    internal StoredMessage? Message { get; set; }

    /// <summary>Until when it was locked then.</summary>
    internal DateTimeOffset LockedUntil { get; set; }

    /// <summary>It becomes a dead letter, also because of too many attempts.</summary>
    internal bool IsDeadLetter { get; set; }
}
