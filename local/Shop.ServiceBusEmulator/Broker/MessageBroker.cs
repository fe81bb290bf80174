namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Takes messages in: routes them, has them journalled, and says when they cannot be lost any more.</summary>
internal sealed class MessageBroker(Topology topology, IJournal journal, TimeProvider time) : IDisposable
{
    public Topology Topology { get; } = topology;

    /// <summary>Recovery is over: messages may flow.</summary>
    public void Start()
    {
        foreach (var store in Topology.Stores)
        {
            store.Start();
        }
    }

    /// <summary>Accepts messages: all of them or, with an error, none.</summary>
    public void Send(Entity entity, IReadOnlyList<MessageContent> messages, Outcome done)
    {
        if (Refusal(entity, messages) is { } refusal)
        {
            done(refusal);
            return;
        }

        var now = time.GetUtcNow();
        List<JournalOperation> operations = new(messages.Count);
        using var arrivals = new Arrivals(operations, now);
        Route(entity, messages, arrivals, now);
        if (operations.Count == 0 && !arrivals.HasDuplicates)
        {
            // A topic that nobody subscribes to: accepted, and gone.
            done(null);
            return;
        }

        journal.Append(new JournalEntry(operations, () => done(null)));
    }

    /// <summary>
    /// Accepts messages for later and tells the numbers by which they can be cancelled; 0 for a duplicate, which is dropped.
    /// </summary>
    public void Schedule(
        Entity entity,
        IReadOnlyList<MessageContent> messages,
        Action<IReadOnlyList<long>, BrokerError?> done
    )
    {
        if (Refusal(entity, messages) is { } refusal)
        {
            done([], refusal);
            return;
        }

        var now = time.GetUtcNow();
        entity.Store.NoteAccess(now);
        var scheduled = Scheduled(messages);
        List<JournalOperation> operations = new(scheduled.Count);
        using var arrivals = new Arrivals(operations, now);
        operations.AddRange(
            scheduled
                .Where(message => arrivals.IsNew(entity.Store, message.Content))
                .Select(message => new EnqueueOperation(entity.Store, message))
                .ToList()
        );
        journal.Append(
            new JournalEntry(operations, () => done([.. scheduled.Select(message => message.SequenceNumber)], null))
        );
    }

    /// <summary>Begins a transaction, which is over at its commit, its rollback, or after a while.</summary>
    public Transaction Begin() => new(this, journal, time);

    /// <summary>Adds the copies of messages that are sent to an entity, or keeps those for later.</summary>
    public static void Route(
        Entity entity,
        IReadOnlyList<MessageContent> messages,
        Arrivals arrivals,
        DateTimeOffset now
    )
    {
        entity.Store.NoteAccess(now);
        foreach (var message in messages)
        {
            if (message.Properties.ScheduledEnqueueTime is not { } due || due <= now)
            {
                entity.Route(message, arrivals);
            }
            else if (arrivals.IsNew(entity.Store, message))
            {
                arrivals.Operations.Add(new EnqueueOperation(entity.Store, Scheduled(message, due, now)));
            }
        }
    }

    /// <summary>Messages as they wait for the time that they say, or for now.</summary>
    public IReadOnlyList<StoredMessage> Scheduled(IReadOnlyList<MessageContent> messages)
    {
        var now = time.GetUtcNow();
        return [.. messages.Select(message => Scheduled(message, message.Properties.ScheduledEnqueueTime ?? now, now))];
    }

    /// <summary>Why an entity does not take messages; null when it does.</summary>
    public static BrokerError? Refusal(Entity entity, IReadOnlyList<MessageContent> messages) =>
        entity.RefusalOf(sending: true) is { } refusal ? refusal
        : entity.Store.Settings.RequiresSession && messages.Any(message => message.Properties.SessionId is null)
            ? new(
                BrokerErrorKind.NotAllowed,
                "The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value."
            )
        : null;

    public void Dispose()
    {
        foreach (var store in Topology.Stores)
        {
            store.Dispose();
        }
    }

    private static StoredMessage Scheduled(MessageContent content, DateTimeOffset due, DateTimeOffset now) =>
        new()
        {
            Content = content,
            EnqueuedAt = now,
            ScheduledFor = due,
            State = MessageState.Scheduled,
        };
}
