namespace Shop.ServiceBusEmulator.Broker;

internal enum ReceiveMode
{
    PeekLock,
    ReceiveAndDelete,
}

/// <summary>A message on its way to one receiver, with what was true when it was handed out.</summary>
internal readonly record struct Delivery(
    StoredMessage Message,
    Guid LockToken,
    DateTimeOffset LockedUntil,
    int DeliveryCount
);

/// <summary>Where a consumer's messages go: a link, or a list in a test.</summary>
internal interface IDeliverySink
{
    /// <summary>Hands one message over; throws when it cannot, and the message is available to others again.</summary>
    void Deliver(Delivery delivery);

    /// <summary>All that could be delivered was delivered, and the rest of the credit is used up.</summary>
    void Drained();

    /// <summary>The session was held for too long without being renewed: nothing more comes.</summary>
    void SessionLockLost();
}

/// <summary>A receiver with credit on a queue.</summary>
/// <remarks>
/// The queue decides under its lock who gets what; the handing over happens outside of it, in order, by one thread at a
/// time. So a slow network holds up nobody else, and no foreign lock is ever taken inside the queue's.
/// </remarks>
internal sealed class Consumer(MessageQueue queue, ReceiveMode mode, IDeliverySink sink, string? linkName = null)
{
    private readonly Queue<Delivery?> outbox = new();
    private bool sending;

    public ReceiveMode Mode { get; } = mode;

    /// <summary>By which requests about its session name it.</summary>
    public string? LinkName { get; } = linkName;

    /// <summary>The session that it works on, or worked on; null in a queue without sessions.</summary>
    public MessageSession? Session { get; internal set; }

    public bool HasLostSession { get; private set; }

    /// <summary>How many messages may still be assigned. Guarded by the queue's lock.</summary>
    internal int Credit { get; set; }

    public void AddCredit(int messages) => queue.AddCredit(this, messages);

    public void Drain() => queue.Drain(this);

    public void Close() => queue.RemoveConsumer(this);

    internal void LoseSession()
    {
        HasLostSession = true;
        sink.SessionLockLost();
    }

    /// <summary>Puts a message (or with null the end of a drain) in line for <see cref="Flush"/>.</summary>
    internal void Enqueue(Delivery? delivery)
    {
        lock (outbox)
        {
            outbox.Enqueue(delivery);
        }
    }

    internal void Flush()
    {
        lock (outbox)
        {
            if (sending || outbox.Count == 0)
            {
                return;
            }

            sending = true;
        }

        while (TryNext(out var next))
        {
            try
            {
                if (next is { } delivery)
                {
                    sink.Deliver(delivery);
                }
                else
                {
                    sink.Drained();
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The link went away meanwhile; nobody has seen the message.
                queue.Release(next?.LockToken ?? Guid.Empty);
            }
        }
    }

    private bool TryNext(out Delivery? next)
    {
        lock (outbox)
        {
            sending = outbox.TryDequeue(out next);
            return sending;
        }
    }
}
