namespace Shop.ServiceBusEmulator.Broker;

internal sealed partial class MessageQueue
{
    /// <summary>The journal says that a message was added.</summary>
    public void Restore(StoredMessage message)
    {
        log.Add(message);
        lastSequence = Math.Max(lastSequence, message.SequenceNumber);
    }

    /// <summary>The journal says that a message is gone.</summary>
    public void RestoreRemoval(long sequence) => log.Remove(sequence);

    /// <summary>The journal says that a message has changed.</summary>
    public void RestoreUpdate(
        long sequence,
        MessageState state,
        int deliveryCount,
        IReadOnlyDictionary<string, object?> changedProperties
    )
    {
        if (log.Find(sequence) is { } message)
        {
            message.State = state;
            message.DeliveryCount = deliveryCount;
            message.ChangedProperties = changedProperties;
        }
    }

    /// <summary>Recovery is over: what it left is available, and all locks are expired.</summary>
    public void Start()
    {
        using var deliveries = new DeliveryRound(this);
        if (started)
        {
            return;
        }

        started = true;
        foreach (var message in log.From(0).ToList())
        {
            inState[(int)message.State]++;
            if (
                message.State != MessageState.Scheduled
                && DeadLetterRoute is not null
                && message.DeliveryCount >= Settings.MaxDeliveryCount
            )
            {
                message.DeliveryCount--;
                message.Settling = true;
                Fail(message, null, static _ => { });
                continue;
            }

            Settle(message);
            AddNew(message);
        }
    }

    /// <summary>The journal says that a session has another state, or none any more.</summary>
    public void RestoreSessionState(string sessionId, byte[]? state, DateTimeOffset updatedAt)
    {
        var session = Sessions.FindOrAdd(sessionId);
        session.State = state;
        session.StateUpdatedAt = updatedAt;
        Sessions.ForgetIfEmpty(session);
    }

    /// <summary>The journal says that a message id was seen.</summary>
    public void RestoreSeen(SeenMessage seen) => Duplicates?.Restore(seen, time.GetUtcNow());

    /// <summary>Everything the queue holds, as the operations that would make it anew.</summary>
    public IReadOnlyList<JournalOperation> Snapshot()
    {
        lock (gate)
        {
            return
            [
                .. log.From(0).Select(message => new EnqueueOperation(this, message)),
                .. (Duplicates?.Durable(time.GetUtcNow()) ?? []).Select(seen => new SeenOperation(this, seen)),
                .. Rules.Snapshot(),
                .. (sessions?.All ?? [])
                    .Where(session => session.State is not null)
                    .Select(session => new SessionStateOperation(
                        this,
                        session.Id,
                        session.State,
                        session.StateUpdatedAt
                    )),
            ];
        }
    }
}
