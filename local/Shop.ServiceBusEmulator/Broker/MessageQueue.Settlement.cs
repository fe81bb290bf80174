namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Told once what became of a request; null when it succeeded and cannot be lost any more.</summary>
internal delegate void Outcome(BrokerError? error);

internal sealed partial class MessageQueue
{
    public const string DeadLetterReasonProperty = "DeadLetterReason";
    public const string DeadLetterDescriptionProperty = "DeadLetterErrorDescription";

    private const string TooManyAttempts = "MaxDeliveryCountExceeded";

    private string TooManyAttemptsDescription =>
        $"Message could not be consumed after {Settings.MaxDeliveryCount} delivery attempts.";

    public void Complete(Guid lockToken, Outcome done) =>
        Finish(
            lockToken,
            done,
            message =>
            {
                traffic.Completed++;
                journal.Append(new JournalEntry([new RemoveOperation(this, message)], () => done(null)));
            }
        );

    /// <summary>The attempt failed: the message is available again, or a dead letter after too many attempts.</summary>
    public void Abandon(Guid lockToken, IReadOnlyDictionary<string, object?>? properties, Outcome done) =>
        Finish(lockToken, done, message => Fail(message, properties, done));

    /// <summary>The message stays, but is received only by its sequence number.</summary>
    public void Defer(Guid lockToken, IReadOnlyDictionary<string, object?>? properties, Outcome done) =>
        Finish(
            lockToken,
            done,
            message =>
            {
                message.Change(properties);
                Update(message, MessageState.Deferred, message.DeliveryCount + 1, done);
            }
        );

    public void DeadLetter(
        Guid lockToken,
        string? reason,
        string? description,
        IReadOnlyDictionary<string, object?>? properties,
        Outcome done
    )
    {
        if (DeadLetterRoute is null)
        {
            done(NoDeadLetters);
            return;
        }

        Finish(
            lockToken,
            done,
            message =>
            {
                message.Change(properties);
                MoveToDeadLetters(message, message.DeliveryCount + 1, reason, description, () => done(null));
            }
        );
    }

    /// <summary>Gives a message back as if it had never been delivered.</summary>
    public void Release(Guid lockToken)
    {
        using var deliveries = new DeliveryRound(this);
        if (locked.TryGetValue(lockToken, out var message) && !message.Enlisted)
        {
            locked.Remove(lockToken);
            message.Unlock();
            GiveBack(message);
        }
    }

    /// <summary>Extends a lock by the lock duration from now; null when the lock is lost.</summary>
    public DateTimeOffset? RenewLock(Guid lockToken)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (!locked.TryGetValue(lockToken, out var message) || !message.IsHeldAt(now))
            {
                return null;
            }

            message.LockedUntil = now + Settings.LockDuration;
            return message.LockedUntil;
        }
    }

    private void Finish(Guid lockToken, Outcome done, Action<StoredMessage> act)
    {
        BrokerError? refusal;
        using (new DeliveryRound(this))
        {
            if (!locked.TryGetValue(lockToken, out var message) || !message.IsHeldAt(time.GetUtcNow()))
            {
                refusal = BrokerError.LockLost;
            }
            else if (message.Enlisted)
            {
                refusal = InTransaction(message);
            }
            else
            {
                refusal = null;
                locked.Remove(lockToken);
                message.Unlock();
                message.Settling = true;
                act(message);
            }
        }

        if (refusal is not null)
        {
            done(refusal);
        }
    }

    private BrokerError NoDeadLetters =>
        new(
            BrokerErrorKind.NotAllowed,
            $"A message of '{Name}' is a dead letter already; complete, abandon or defer it."
        );

    private void GiveBack(StoredMessage message)
    {
        // The attempt was noted when it began, and does not count any more.
        journal.Note(
            new UpdateOperation(this, message, message.State, message.DeliveryCount, message.ChangedProperties)
        );
        MakeAvailable(message);
    }

    private void Fail(StoredMessage message, IReadOnlyDictionary<string, object?>? properties, Outcome done)
    {
        message.Change(properties);
        var attempts = message.DeliveryCount + 1;
        if (DeadLetterRoute is not null && attempts >= Settings.MaxDeliveryCount)
        {
            MoveToDeadLetters(message, attempts, TooManyAttempts, TooManyAttemptsDescription, () => done(null));
            return;
        }

        Update(message, message.State, attempts, done);
    }

    private void Update(StoredMessage message, MessageState state, int attempts, Outcome done)
    {
        if (message.Session is { } session)
        {
            session.Returning++;
        }

        journal.Append(
            new JournalEntry(
                [new UpdateOperation(this, message, state, attempts, message.ChangedProperties)],
                () => done(null)
            )
        );
    }

    private void MoveToDeadLetters(
        StoredMessage message,
        int attempts,
        string? reason,
        string? description,
        Action? moved
    )
    {
        traffic.DeadLettered++;
        message.Settling = true;
        List<JournalOperation> operations = [new RemoveOperation(this, message)];
        using var arrivals = new Arrivals(operations, time.GetUtcNow());
        AddDeadLetter(message, attempts, reason, description, arrivals);
        journal.Append(new JournalEntry(operations, moved));
    }

    /// <summary>Sends a message on to where dead letters go.</summary>
    internal void AddDeadLetter(
        StoredMessage message,
        int attempts,
        string? reason,
        string? description,
        Arrivals arrivals
    )
    {
        message.Change(
            new (string Name, string? Value)[]
            {
                (DeadLetterReasonProperty, reason),
                (DeadLetterDescriptionProperty, description),
            }
                .Where(property => property.Value is not null)
                .ToDictionary(property => property.Name, property => (object?)property.Value)
        );
        var deadLetter = new StoredMessage
        {
            Content = message.Content,
            EnqueuedAt = message.EnqueuedAt,
            DeliveryCount = attempts,
            DeadLetterSource = message.DeadLetterSource ?? Name,
            ChangedProperties = message.ChangedProperties,
        };
        DeadLetterRoute!(message.Content, arrivals.Of(deadLetter));
    }
}
