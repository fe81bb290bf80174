namespace Shop.ServiceBusEmulator.Broker;

/// <summary>One change to one queue.</summary>
internal abstract record JournalOperation(MessageQueue Queue);

/// <summary>A message is added; its sequence number is given when the entry is appended, unless it has one.</summary>
internal sealed record EnqueueOperation(MessageQueue Queue, StoredMessage Message) : JournalOperation(Queue);

/// <summary>A message is gone: completed, moved, expired or cancelled.</summary>
internal sealed record RemoveOperation(MessageQueue Queue, StoredMessage Message) : JournalOperation(Queue);

/// <summary>A message stays, with another state, delivery count or other properties.</summary>
internal sealed record UpdateOperation(
    MessageQueue Queue,
    StoredMessage Message,
    MessageState State,
    int DeliveryCount,
    IReadOnlyDictionary<string, object?> ChangedProperties
) : JournalOperation(Queue);

/// <summary>A session has another state, or with null none any more.</summary>
internal sealed record SessionStateOperation(
    MessageQueue Queue,
    string SessionId,
    byte[]? State,
    DateTimeOffset UpdatedAt
) : JournalOperation(Queue);

/// <summary>A message with an id was sent, so that a later one is a duplicate.</summary>
internal sealed record SeenOperation(MessageQueue Queue, SeenMessage Seen) : JournalOperation(Queue);

/// <summary>A subscription has another rule, or with null that one no more.</summary>
internal sealed record RuleOperation(MessageQueue Queue, string Name, Rule? Rule) : JournalOperation(Queue);

/// <summary>A client has made or changed the entity that keeps messages here, or with null deleted it.</summary>
internal sealed record EntityOperation(MessageQueue Queue, EntityDefinition? Definition) : JournalOperation(Queue);

/// <summary>Changes that happen together or not at all, and what to do once they cannot be lost any more.</summary>
internal sealed class JournalEntry(IReadOnlyList<JournalOperation> operations, Action? committed = null)
{
    public IReadOnlyList<JournalOperation> Operations { get; } = operations;

    /// <summary>Makes the changes visible.</summary>
    public void Apply()
    {
        foreach (var operation in Operations)
        {
            operation.Queue.Apply(operation);
        }
    }

    /// <summary>Tells whoever waits for the changes.</summary>
    public void Acknowledge() => committed?.Invoke();
}

/// <summary>Where changes are made durable, in order, before they are visible and before they are acknowledged.</summary>
internal interface IJournal
{
    /// <summary>Gives new messages their numbers and has the entry committed once it is on disk. Does not block.</summary>
    void Append(JournalEntry entry);

    /// <summary>Gives a message its number before its entry is appended.</summary>
    long Reserve(MessageQueue queue);

    /// <summary>Notes something that helps after a crash but that nobody waits for: a delivery attempt.</summary>
    void Note(UpdateOperation operation);
}
