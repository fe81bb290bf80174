namespace Shop.ServiceBusEmulator.Broker;

internal sealed partial class MessageQueue
{
    private void OnDeadline()
    {
        using var deliveries = new DeliveryRound(this);
        deadlines.Disarm();
        if (IsDeleted)
        {
            // Nothing may leave for another entity any more.
            return;
        }

        var now = time.GetUtcNow();
        while (deadlines.TryTakeDue(now, out var message, out var kind))
        {
            switch (kind)
            {
                case DeadlineKind.LockExpiry:
                    OnLockDeadline(message, now);
                    break;
                case DeadlineKind.TimeToLive when !message.IsLocked:
                    Expire(message);
                    break;
                case DeadlineKind.ScheduledEnqueue when message.State == MessageState.Scheduled:
                    EnqueueNow(message, now);
                    break;
            }
        }
    }

    private void OnLockDeadline(StoredMessage message, DateTimeOffset now)
    {
        if (message.LockedUntil > now)
        {
            deadlines.Add(message, DeadlineKind.LockExpiry, message.LockedUntil);
            return;
        }

        locked.Remove(message.LockToken);
        message.Unlock();
        message.Settling = true;
        Fail(message, null, static _ => { });
    }

    private void Expire(StoredMessage message)
    {
        message.Settling = true;
        if (DeadLetterRoute is not null && Settings.DeadLetterOnExpiration)
        {
            MoveToDeadLetters(
                message,
                message.DeliveryCount,
                "TTLExpiredException",
                "The message expired and was dead lettered.",
                null
            );
            return;
        }

        journal.Append(new JournalEntry([new RemoveOperation(this, message)]));
    }

    /// <summary>A scheduled message enters as if it were sent now, with a new sequence number.</summary>
    private void EnqueueNow(StoredMessage message, DateTimeOffset now)
    {
        message.Settling = true;
        List<JournalOperation> operations = [new RemoveOperation(this, message)];
        using var arrivals = new Arrivals(operations, now);
        Route(message.Content, arrivals);
        journal.Append(new JournalEntry(operations));
    }
}
