namespace Shop.ServiceBusEmulator.Broker;

/// <summary>What clients do to messages of one entity together or not at all.</summary>
/// <remarks>
/// Until the commit nothing of it is in the journal. Then it is one entry there, so that a crash leaves all or nothing. What a
/// receiver has settled stays locked meanwhile, and is its receiver's again after a rollback.
/// </remarks>
internal sealed class Transaction
{
    /// <summary>As on Azure: how many messages may be sent or settled in one.</summary>
    public const int MostOperations = 100;

    /// <summary>As on Azure: one that is not discharged within this time is rolled back.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly MessageBroker broker;
    private readonly IJournal journal;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly List<Settlement> settlements = [];
    private readonly List<(Entity Entity, IReadOnlyList<MessageContent> Messages, Outcome Done)> sends = [];
    private readonly List<(Entity Entity, StoredMessage Message)> scheduled = [];
    private readonly List<RemoveOperation> cancelled = [];
    private string? entityName;
    private object? session;
    private int operations;
    private BrokerError? over;

    public Transaction(MessageBroker broker, IJournal journal, TimeProvider time)
    {
        this.broker = broker;
        this.journal = journal;
        this.time = time;
        timer = time.CreateTimer(_ => TimeOut(), null, Limit, Timeout.InfiniteTimeSpan);
    }

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Takes messages to be sent at the commit, and says then what became of them; or says why not.</summary>
    public BrokerError? Send(Entity entity, object from, IReadOnlyList<MessageContent> messages, Outcome done)
    {
        lock (gate)
        {
            var refusal = MessageBroker.Refusal(entity, messages) ?? Join(entity, from, messages.Count, sending: true);
            if (refusal is null)
            {
                sends.Add((entity, messages, done));
            }

            return refusal;
        }
    }

    /// <summary>Takes messages to be scheduled at the commit, and gives them their numbers already.</summary>
    public BrokerError? Schedule(
        Entity entity,
        object from,
        IReadOnlyList<MessageContent> messages,
        out IReadOnlyList<long> numbers
    )
    {
        lock (gate)
        {
            numbers = [];
            var refusal = MessageBroker.Refusal(entity, messages) ?? Join(entity, from, messages.Count, sending: true);
            if (refusal is null)
            {
                var added = broker.Scheduled(messages);
                foreach (var message in added)
                {
                    message.SequenceNumber = journal.Reserve(entity.Store);
                    scheduled.Add((entity, message));
                }

                numbers = [.. added.Select(message => message.SequenceNumber)];
            }

            return refusal;
        }
    }

    /// <summary>Takes scheduled messages back at the commit: all of them, or none with an error.</summary>
    public BrokerError? CancelScheduled(Entity entity, object from, IReadOnlyList<long> sequenceNumbers)
    {
        lock (gate)
        {
            return Join(entity, from, sequenceNumbers.Count, sending: false)
                ?? entity.Store.TakeScheduled(sequenceNumbers, cancelled);
        }
    }

    /// <summary>Settles messages at the commit: all of them, or none with an error.</summary>
    public BrokerError? Settle(Entity entity, object from, IReadOnlyList<Settlement> added)
    {
        lock (gate)
        {
            var refusal = Join(entity, from, added.Count, sending: false);
            var enlisted = 0;
            while (refusal is null && enlisted < added.Count)
            {
                refusal = added[enlisted].Queue.Enlist(added[enlisted]);
                enlisted += refusal is null ? 1 : 0;
            }

            if (refusal is null)
            {
                settlements.AddRange(added);
            }
            else
            {
                GiveUp(added.Take(enlisted));
            }

            return refusal;
        }
    }

    /// <summary>Everything happens, and is durable when it is acknowledged; or with an error nothing.</summary>
    public void Commit(Outcome done)
    {
        if (End(Over("was committed already", BrokerErrorKind.UnknownTransaction)) is { } refusal)
        {
            done(refusal);
            return;
        }

        foreach (var (entity, messages, _) in sends)
        {
            if (MessageBroker.Refusal(entity, messages) is { } meanwhile)
            {
                Undo();
                done(RolledBack(meanwhile.Description));
                return;
            }
        }

        var taken = 0;
        while (taken < settlements.Count && settlements[taken].Queue.Take(settlements[taken]))
        {
            taken++;
        }

        if (taken < settlements.Count)
        {
            foreach (var settlement in settlements.Take(taken))
            {
                settlement.Queue.PutBack(settlement);
            }

            Undo();
            done(RolledBack(BrokerError.LockLost.Description));
            return;
        }

        Append(done);
    }

    /// <summary>Nothing happens. One that is over stays what it is.</summary>
    public void Rollback()
    {
        if (End(Over("was rolled back", BrokerErrorKind.UnknownTransaction)) is null)
        {
            Undo();
        }
    }

    private void Append(Outcome done)
    {
        var now = time.GetUtcNow();
        List<JournalOperation> changes = [.. cancelled];
        using var arrivals = new Arrivals(changes, now);
        foreach (var settlement in settlements)
        {
            settlement.Queue.AddChanges(settlement, arrivals);
        }

        foreach (var (entity, messages, _) in sends)
        {
            MessageBroker.Route(entity, messages, arrivals, now);
        }

        foreach (var (entity, message) in scheduled)
        {
            if (arrivals.IsNew(entity.Store, message.Content))
            {
                changes.Add(new EnqueueOperation(entity.Store, message));
            }
        }

        journal.Append(
            new JournalEntry(
                changes,
                () =>
                {
                    settlements.ForEach(static settlement => settlement.Committed?.Invoke());
                    sends.ForEach(static send => send.Done(null));
                    done(null);
                }
            )
        );
    }

    /// <summary>A transaction concerns one entity; to others it may send if their links share a session.</summary>
    private BrokerError? Join(Entity entity, object from, int count, bool sending)
    {
        var name = entity.Definition.TopicName ?? entity.Definition.Name;
        if (over is not null)
        {
            return over;
        }

        if (operations + count > MostOperations)
        {
            return new(
                BrokerErrorKind.NotAllowed,
                $"Cannot send or settle more than {MostOperations} messages in a single transaction."
            );
        }

        entityName ??= name;
        session ??= from;
        if (
            !string.Equals(entityName, name, StringComparison.OrdinalIgnoreCase)
            && !(sending && ReferenceEquals(session, from))
        )
        {
            return new(
                BrokerErrorKind.NotAllowed,
                $"The transaction concerns '{entityName}', and '{name}' cannot take part in it. To send to other entities, enable cross-entity transactions on the client, and let the first operation be the one on the entity that messages are received from."
            );
        }

        operations += count;
        return null;
    }

    private void TimeOut()
    {
        var reason = Over(
            $"was not discharged within {Limit.TotalMinutes} minutes and was rolled back",
            BrokerErrorKind.TransactionTimeout
        );
        if (End(reason) is null)
        {
            Undo();
        }
    }

    /// <summary>Nothing more is taken from now on; or why that was so already.</summary>
    private BrokerError? End(BrokerError reason)
    {
        lock (gate)
        {
            if (over is not null)
            {
                return over;
            }

            over = reason;
        }

        timer.Dispose();
        return null;
    }

    private void Undo()
    {
        GiveUp(settlements);
        foreach (var operation in cancelled)
        {
            operation.Queue.PutBackScheduled(operation.Message);
        }

        var reason = RolledBack("Nothing of it was sent.");
        sends.ForEach(send => send.Done(reason));
    }

    private static void GiveUp(IEnumerable<Settlement> given)
    {
        foreach (var settlement in given)
        {
            settlement.Queue.Unenlist(settlement);
        }
    }

    private BrokerError Over(string how, BrokerErrorKind kind) => new(kind, $"The transaction {Id} {how}.");

    private BrokerError RolledBack(string reason) =>
        new(BrokerErrorKind.TransactionRolledBack, $"The transaction {Id} was rolled back. {reason}");
}
