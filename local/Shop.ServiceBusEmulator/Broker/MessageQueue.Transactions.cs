namespace Shop.ServiceBusEmulator.Broker;

internal sealed partial class MessageQueue
{
    /// <summary>A transaction wants to settle a message: until it is over nobody else may; or why it cannot.</summary>
    public BrokerError? Enlist(Settlement settlement)
    {
        if (settlement.Kind == SettlementKind.DeadLetter && DeadLetterRoute is null)
        {
            return NoDeadLetters;
        }

        lock (gate)
        {
            if (!locked.TryGetValue(settlement.LockToken, out var message) || !message.IsHeldAt(time.GetUtcNow()))
            {
                return BrokerError.LockLost;
            }

            if (message.Enlisted)
            {
                return InTransaction(message);
            }

            message.Enlisted = true;
            return null;
        }
    }

    /// <summary>The transaction is over without a change: the message is its receiver's as before.</summary>
    public void Unenlist(Settlement settlement)
    {
        lock (gate)
        {
            if (locked.TryGetValue(settlement.LockToken, out var message))
            {
                message.Enlisted = false;
            }
        }
    }

    /// <summary>Takes an enlisted message for the commit; false when its lock was lost meanwhile.</summary>
    public bool Take(Settlement settlement)
    {
        lock (gate)
        {
            if (
                !locked.TryGetValue(settlement.LockToken, out var message)
                || !message.Enlisted
                || !message.IsHeldAt(time.GetUtcNow())
            )
            {
                return false;
            }

            settlement.Message = message;
            settlement.LockedUntil = message.LockedUntil;
            settlement.IsDeadLetter =
                settlement.Kind == SettlementKind.DeadLetter
                || (
                    settlement.Kind == SettlementKind.Abandon
                    && DeadLetterRoute is not null
                    && message.DeliveryCount + 1 >= Settings.MaxDeliveryCount
                );
            locked.Remove(settlement.LockToken);
            message.Unlock();
            message.Settling = true;
            Count(settlement, 1);
            return true;
        }
    }

    /// <summary>Takes back <see cref="Take"/>.</summary>
    public void PutBack(Settlement settlement)
    {
        using var deliveries = new DeliveryRound(this);
        var message = settlement.Message!;
        Count(settlement, -1);
        message.Settling = false;
        if (message.Session is { Holder: null })
        {
            GiveBack(message);
            return;
        }

        message.LockToken = settlement.LockToken;
        message.LockedUntil = settlement.LockedUntil;
        locked.Add(message.LockToken, message);
        if (message.Session is null)
        {
            deadlines.Add(message, DeadlineKind.LockExpiry, message.LockedUntil);
        }
    }

    /// <summary>Adds what a settlement changes. The message is taken, so that this needs no lock.</summary>
    public void AddChanges(Settlement settlement, Arrivals arrivals)
    {
        var message = settlement.Message!;
        message.Change(settlement.Properties);
        if (settlement.Kind == SettlementKind.Complete || settlement.IsDeadLetter)
        {
            arrivals.Operations.Add(new RemoveOperation(this, message));
        }
        else
        {
            arrivals.Operations.Add(
                new UpdateOperation(
                    this,
                    message,
                    settlement.Kind == SettlementKind.Defer ? MessageState.Deferred : message.State,
                    message.DeliveryCount + 1,
                    message.ChangedProperties
                )
            );
        }

        if (settlement.IsDeadLetter)
        {
            var (reason, description) =
                settlement.Kind == SettlementKind.DeadLetter
                    ? (settlement.Reason, settlement.Description)
                    : (TooManyAttempts, TooManyAttemptsDescription);
            AddDeadLetter(message, message.DeliveryCount + 1, reason, description, arrivals);
        }
    }

    /// <summary>Takes scheduled messages for a transaction that cancels them: all of them, or none with an error.</summary>
    public BrokerError? TakeScheduled(IReadOnlyList<long> sequenceNumbers, List<RemoveOperation> taken)
    {
        lock (gate)
        {
            List<StoredMessage> found = [];
            foreach (var sequence in sequenceNumbers.Distinct())
            {
                if (log.Find(sequence) is not { State: MessageState.Scheduled, Settling: false } message)
                {
                    return NotFound("scheduled", sequence);
                }

                found.Add(message);
            }

            found.ForEach(message => message.Settling = true);
            taken.AddRange(found.Select(message => new RemoveOperation(this, message)));
            return null;
        }
    }

    /// <summary>Takes back <see cref="TakeScheduled"/>; what has become due meanwhile is due at once.</summary>
    public void PutBackScheduled(StoredMessage message)
    {
        lock (gate)
        {
            message.Settling = false;
            deadlines.Add(message, DeadlineKind.ScheduledEnqueue, message.ScheduledFor);
            deadlines.Arm();
        }
    }

    private BrokerError InTransaction(StoredMessage message) =>
        new(
            BrokerErrorKind.NotAllowed,
            $"The message with sequence number {message.SequenceNumber} in '{Name}' is settled in a transaction that is not over: commit it or roll it back."
        );

    private void Count(Settlement settlement, int change)
    {
        traffic.Completed += settlement.Kind == SettlementKind.Complete ? change : 0;
        traffic.DeadLettered += settlement.IsDeadLetter ? change : 0;
        if (settlement.Kind != SettlementKind.Complete && !settlement.IsDeadLetter)
        {
            if (settlement.Message!.Session is { } session)
            {
                session.Returning += change;
            }
        }
    }
}
