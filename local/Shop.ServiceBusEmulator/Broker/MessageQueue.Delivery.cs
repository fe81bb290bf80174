namespace Shop.ServiceBusEmulator.Broker;

internal sealed partial class MessageQueue
{
    private int turn;

    public void Add(Consumer consumer)
    {
        lock (gate)
        {
            consumers.Add(consumer);
        }
    }

    internal void AddCredit(Consumer consumer, int messages)
    {
        using var deliveries = new DeliveryRound(this);
        consumer.Credit = Math.Max(0, consumer.Credit + messages);
    }

    internal void Drain(Consumer consumer)
    {
        using (new DeliveryRound(this)) { }

        lock (gate)
        {
            consumer.Credit = 0;
        }

        if (consumer.Mode == ReceiveMode.ReceiveAndDelete)
        {
            // What was assigned comes when its removal is durable; the end of the drain is behind that.
            journal.Append(new JournalEntry([], () => SayDrained(consumer)));
        }
        else
        {
            SayDrained(consumer);
        }
    }

    private static void SayDrained(Consumer consumer)
    {
        consumer.Enqueue(null);
        consumer.Flush();
    }

    /// <summary>Messages that the consumer holds stay locked until their locks expire, as on Azure.</summary>
    internal void RemoveConsumer(Consumer consumer)
    {
        lock (gate)
        {
            consumer.Credit = 0;
            consumers.Remove(consumer);
            LeaveSession(consumer);
        }

        if (Settings.RequiresSession)
        {
            // A link that ends calls this with the library's locks held: handing out, which needs those of other links, is
            // left to the thread that does it for everything else.
            journal.Append(new JournalEntry([], HandOut));
        }
    }

    private void HandOut()
    {
        using var deliveries = new DeliveryRound(this);
    }

    /// <summary>
    /// The queue's lock for the length of a change; on the way out everything that has become deliverable is assigned
    /// under the lock, and handed over after it.
    /// </summary>
    private readonly ref struct DeliveryRound
    {
        private readonly MessageQueue queue;

        public DeliveryRound(MessageQueue queue)
        {
            this.queue = queue;
            queue.gate.Enter();
        }

        public void Dispose()
        {
            List<Consumer>? assigned;
            List<Action>? after;
            try
            {
                assigned = queue.Assign();
                queue.deadlines.Arm();
                (after, queue.afterRound) = (queue.afterRound, null);
            }
            finally
            {
                queue.gate.Exit();
            }

            if (assigned is not null)
            {
                foreach (var consumer in assigned)
                {
                    consumer.Flush();
                }
            }

            after?.ForEach(static action => action());
        }
    }

    private List<Consumer>? Assign()
    {
        List<Consumer>? assigned = null;
        if (!Settings.RequiresSession)
        {
            // Without a message, nobody's turn is used up.
            while (ready.HasAny() && NextConsumer() is { } consumer && ready.TryTake(out var message))
            {
                Assign(message, consumer, ref assigned);
            }

            return assigned;
        }

        AssignSessions();
        foreach (var consumer in consumers)
        {
            var session = consumer.Session!;
            while (consumer.Credit > 0 && session.Returning == 0 && session.Ready.TryTake(out var message))
            {
                Assign(message, consumer, ref assigned);
            }
        }

        return assigned;
    }

    private void Assign(StoredMessage message, Consumer consumer, ref List<Consumer>? assigned)
    {
        var now = time.GetUtcNow();
        if (message.ExpiresAt <= now)
        {
            Expire(message);
            return;
        }

        consumer.Credit--;
        if (consumer.Mode != ReceiveMode.PeekLock)
        {
            NoteAccess(now);
            RemoveThenDeliver(message, consumer);
            return;
        }

        consumer.Enqueue(LockFor(message, now));
        assigned ??= [];
        if (!assigned.Contains(consumer))
        {
            assigned.Add(consumer);
        }
    }

    /// <summary>Receivers with credit take turns.</summary>
    private Consumer? NextConsumer()
    {
        for (var i = 0; i < consumers.Count; i++)
        {
            turn = (turn + 1) % consumers.Count;
            if (consumers[turn].Credit > 0)
            {
                return consumers[turn];
            }
        }

        return null;
    }

    private Delivery LockFor(StoredMessage message, DateTimeOffset now)
    {
        traffic.Out++;
        NoteAccess(now);
        message.LockToken = Guid.NewGuid();
        message.LockedUntil = message.Session?.LockedUntil ?? now + Settings.LockDuration;
        locked.Add(message.LockToken, message);
        if (message.Session is null)
        {
            deadlines.Add(message, DeadlineKind.LockExpiry, message.LockedUntil);
        }

        // After a crash the attempt under way counts as one that failed.
        journal.Note(
            new UpdateOperation(this, message, message.State, message.DeliveryCount + 1, message.ChangedProperties)
        );
        return new Delivery(message, message.LockToken, message.LockedUntil, message.DeliveryCount);
    }

    /// <summary>Receive-and-delete is at most once: the message is gone before anybody sees it.</summary>
    private void RemoveThenDeliver(StoredMessage message, Consumer consumer)
    {
        traffic.Out++;
        message.Settling = true;
        var delivery = new Delivery(message, Guid.Empty, default, message.DeliveryCount);
        journal.Append(
            new JournalEntry(
                [new RemoveOperation(this, message)],
                () =>
                {
                    consumer.Enqueue(delivery);
                    consumer.Flush();
                }
            )
        );
    }
}
