namespace Shop.ServiceBusEmulator.Broker;

/// <summary>How many messages a queue holds, by state.</summary>
internal readonly record struct QueueCounts(int Total, int Active, int Locked, int Deferred, int Scheduled);

/// <summary>What has gone through a queue since it was started.</summary>
internal record struct QueueTraffic(long In, long Out, long Completed, long DeadLettered);

internal sealed partial class MessageQueue
{
    /// <summary>Looks at messages (of one session, or of all) from a sequence number on without taking them.</summary>
    public IReadOnlyList<Delivery> Peek(long fromSequence, int maximum, string? sessionId = null)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. log.From(fromSequence)
                    .Where(message =>
                        !message.Settling
                        && message.ExpiresAt > now
                        && (sessionId is null || message.Session?.Id == sessionId)
                    )
                    .Take(maximum)
                    .Select(message => new Delivery(
                        message,
                        message.LockToken,
                        message.LockedUntil,
                        message.DeliveryCount
                    )),
            ];
        }
    }

    /// <summary>
    /// Receives deferred messages by number: all of them, or none with an error. Those of a session are received by who
    /// holds it.
    /// </summary>
    public void ReceiveDeferred(
        IReadOnlyList<long> sequenceNumbers,
        string? sessionId,
        ReceiveMode mode,
        Action<IReadOnlyList<Delivery>, BrokerError?> done
    )
    {
        List<Delivery> deliveries = [];
        BrokerError? error = null;
        lock (gate)
        {
            var now = time.GetUtcNow();
            List<StoredMessage> messages = [];
            foreach (var sequence in sequenceNumbers)
            {
                if (
                    log.Find(sequence) is { State: MessageState.Deferred, Settling: false, IsLocked: false } message
                    && message.ExpiresAt > now
                    && message.Session?.Id == sessionId
                )
                {
                    messages.Add(message);
                    continue;
                }

                error = NotFound("deferred", sequence);
                break;
            }

            if (error is null && mode == ReceiveMode.ReceiveAndDelete)
            {
                messages.ForEach(message => message.Settling = true);
                traffic.Out += messages.Count;
                deliveries.AddRange(
                    messages.Select(message => new Delivery(message, default, default, message.DeliveryCount))
                );
                journal.Append(
                    new JournalEntry(
                        [.. messages.Select(message => new RemoveOperation(this, message))],
                        () => done(deliveries, null)
                    )
                );
                return;
            }

            if (error is null)
            {
                deliveries.AddRange(messages.Select(message => LockFor(message, now)));
                deadlines.Arm();
            }
        }

        done(deliveries, error);
    }

    /// <summary>Takes scheduled messages back before they are due: all of them, or none with an error.</summary>
    public void CancelScheduled(IReadOnlyList<long> sequenceNumbers, Outcome done)
    {
        BrokerError? error = null;
        lock (gate)
        {
            List<JournalOperation> operations = [];
            foreach (var sequence in sequenceNumbers.Distinct())
            {
                if (log.Find(sequence) is { State: MessageState.Scheduled, Settling: false } message)
                {
                    operations.Add(new RemoveOperation(this, message));
                    continue;
                }

                error = NotFound("scheduled", sequence);
                break;
            }

            if (error is null)
            {
                foreach (var operation in operations)
                {
                    ((RemoveOperation)operation).Message.Settling = true;
                }

                journal.Append(new JournalEntry(operations, () => done(null)));
            }
        }

        if (error is not null)
        {
            done(error);
        }
    }

    public QueueCounts Count()
    {
        lock (gate)
        {
            var held = locked.Values.Count(message => message.State == MessageState.Active);
            var heldDeferred = locked.Count - held;
            return new(
                log.Count,
                inState[(int)MessageState.Active] - held,
                locked.Count,
                inState[(int)MessageState.Deferred] - heldDeferred,
                inState[(int)MessageState.Scheduled]
            );
        }
    }

    /// <summary>How many bytes its messages have as they came.</summary>
    public long Size()
    {
        lock (gate)
        {
            return log.From(0).Sum(message => (long)message.Content.Encoded.Length);
        }
    }

    public QueueTraffic Traffic()
    {
        lock (gate)
        {
            return traffic;
        }
    }

    /// <summary>A topic counts what it passes on; what it keeps comes by <see cref="Apply"/> as in a queue.</summary>
    public void CountPassedOn()
    {
        lock (gate)
        {
            traffic.In++;
        }
    }

    private BrokerError NotFound(string state, long sequence) =>
        new(
            BrokerErrorKind.MessageNotFound,
            $"The {state} message with sequence number {sequence} was not found in '{Name}'."
        );
}
