using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// A service with its database and its queue. What is in <see cref="Table"/>, <see cref="Outbox"/>, <see cref="Inbox"/> and
/// <see cref="Queue"/> outlives a crash; everything else is the process's memory.
/// </summary>
internal abstract class Node
{
    private readonly DbContext _buffer;
    private readonly Dictionary<Guid, Row> _rows = [];
    private readonly Dictionary<string, List<Subscription>> _handlers = [];

    protected Node(MessagingContext messaging, DbContext buffer, SimulatedClock time, Flaw flaw)
    {
        _buffer = buffer;
        buffer.ChangeTracker.Clear();
        Messaging = messaging;
        Time = time;
        Flaw = flaw;
    }

    /// <summary>The module's declarations.</summary>
    public MessagingContext Messaging { get; }

    /// <summary>The rows, in the order of their insertion.</summary>
    public List<Row> Table { get; } = [];

    /// <summary>Committed and not sent, or not known to be.</summary>
    public List<OutboxMessage> Outbox { get; } = [];

    /// <summary>What has been handled.</summary>
    public HashSet<(Guid Message, string Handler)> Inbox { get; } = [];

    /// <summary>The queue of the bus.</summary>
    public List<QueuedMessage> Queue { get; } = [];

    /// <summary>Messages that were delivered too often.</summary>
    public List<QueuedMessage> DeadLetters { get; } = [];

    /// <summary>Transactions that have begun.</summary>
    public List<Transaction> Open { get; } = [];

    /// <summary>Handled and committed, but the bus does not know it yet.</summary>
    public List<QueuedMessage> Unsettled { get; } = [];

    /// <summary>What the relay has sent and not deleted yet.</summary>
    public List<OutboxMessage>? Round { get; set; }

    protected SimulatedClock Time { get; }

    protected Flaw Flaw { get; }

    protected DateTimeOffset Now => Time.Now;

    /// <summary>Whether a handler is part of the simulation.</summary>
    public abstract bool Simulates(Type handler);

    /// <summary>Whether the message would wait for a transaction that is open.</summary>
    public abstract bool IsLocked(QueuedMessage message);

    /// <summary>The process ends, and another starts.</summary>
    public virtual void Crash()
    {
        if (Flaw == Flaw.OutboxOutsideTheTransaction)
        {
            foreach (var transaction in Open.ToList())
            {
                transaction.Messages.Clear();
                Commit(transaction);
            }
        }
        foreach (var message in Open.SelectMany(transaction => transaction.Deliveries).Concat(Unsettled))
        {
            LoseDelivery(message);
        }
        Open.ForEach(transaction => transaction.Wish?.IsUnderWay = false);
        Open.Clear();
        Unsettled.Clear();
        Round = null;
    }

    /// <summary>A receiver has got the message, and nobody hears of it again: it comes again when the lock ends.</summary>
    public void LoseDelivery(QueuedMessage message)
    {
        message.IsHeld = false;
        message.VisibleAt = Now + SimulatedShop.Settings.QueueLease;
        if (message.Deliveries >= SimulatedShop.Settings.MaxDeliveryCount)
        {
            Queue.Remove(message);
            DeadLetters.Add(message);
        }
    }

    /// <summary>Whether a handler of the simulation is to get it.</summary>
    public bool Takes(string type) => HandlersOf(type).Count > 0;

    /// <summary>
    /// Begins the transaction in which the messages are handled, as the inbox does: those that are new, handler by handler.
    /// </summary>
    public Transaction Begin(IReadOnlyList<QueuedMessage> messages)
    {
        var transaction = new Transaction(text: null);
        var deliveries = new List<(Subscription Handler, QueuedMessage Message)>();
        foreach (var message in messages)
        {
            message.IsHeld = true;
            message.Deliveries++;
            transaction.Deliveries.Add(message);
            foreach (var handler in HandlersOf(message.Message.Type))
            {
                var entry = (message.Message.Id, handler.HandlerName);
                if (Flaw == Flaw.ForgetfulInbox || (!Inbox.Contains(entry) && !transaction.Entered.Contains(entry)))
                {
                    transaction.Entered.Add(entry);
                    deliveries.Add((handler, message));
                }
            }
        }
        foreach (var group in deliveries.GroupBy(delivery => delivery.Handler))
        {
            Run(
                transaction,
                () =>
                    Handle(
                        transaction,
                        [
                            .. group.Select(delivery =>
                                group.Key.Read(System.Text.Encoding.UTF8.GetBytes(delivery.Message.Message.Body))
                            ),
                        ]
                    )
            );
        }
        Open.Add(transaction);
        return transaction;
    }

    private List<Subscription> HandlersOf(string type)
    {
        if (!_handlers.TryGetValue(type, out var handlers))
        {
            handlers = [.. Messaging.Subscriptions.To(type).Where(handler => Simulates(handler.HandlerType))];
            _handlers.Add(type, handlers);
        }
        return handlers;
    }

    /// <summary>Begins another transaction.</summary>
    public Transaction Begin(string text, Action<Transaction> work, Wish? wish = null)
    {
        var transaction = new Transaction(text) { Wish = wish };
        wish?.IsUnderWay = true;
        Run(transaction, () => work(transaction));
        Open.Add(transaction);
        return transaction;
    }

    /// <summary>Commits; false when another was quicker, and nothing was changed.</summary>
    public bool Commit(Transaction transaction)
    {
        Open.Remove(transaction);
        transaction.Wish?.IsUnderWay = false;
        var changed = transaction.Rows.FindAll(row => row.Row is null || IsChanged(row));
        if (
            Flaw != Flaw.LastWriteWins
            && changed.Exists(row => row.Row is null ? _rows.ContainsKey(row.Id) : row.Row.Version != row.Version)
        )
        {
            transaction.Deliveries.ForEach(message =>
                (message.IsHeld, message.Deliveries) = (false, message.Deliveries - 1)
            );
            return false;
        }
        foreach (var loaded in changed)
        {
            if (!_rows.TryGetValue(loaded.Id, out var row))
            {
                row = new Row(loaded.Id, loaded.Copy);
                _rows.Add(loaded.Id, row);
                Table.Add(row);
            }
            Save(row, loaded.Copy);
            row.Version++;
        }
        Committed(transaction);
        foreach (var entry in transaction.Entered)
        {
            if (!Inbox.Add(entry))
            {
                throw new Violation(
                    "a message is handled once",
                    $"{entry.Handler} has handled {transaction.Text} twice."
                );
            }
        }
        Outbox.AddRange(transaction.Messages);
        Unsettled.AddRange(transaction.Deliveries);
        if (transaction.Wish is { } wish)
        {
            wish.Left--;
        }
        return true;
    }

    /// <summary>What is committed, to look at.</summary>
    public T? Find<T>(Guid id)
        where T : class => (T?)_rows.GetValueOrDefault(id)?.Value;

    /// <summary>The row, read by the transaction.</summary>
    protected T? Load<T>(Transaction transaction, Guid id)
        where T : class
    {
        if (transaction.Rows.Find(row => row.Id == id) is { } loaded)
        {
            return (T)loaded.Copy;
        }
        if (!_rows.TryGetValue(id, out var row))
        {
            return null;
        }
        var copy = Copy(row.Value);
        transaction.Rows.Add(new Loaded(id, copy, row));
        return (T)copy;
    }

    /// <summary>A row that the transaction adds.</summary>
    protected static T Add<T>(Transaction transaction, Guid id, T value)
        where T : class
    {
        transaction.Rows.Add(new Loaded(id, value, Row: null));
        return value;
    }

    protected abstract void Handle(Transaction transaction, IReadOnlyList<object> messages);

    protected abstract object Copy(object value);

    /// <summary>Whether Entity Framework would write the row.</summary>
    protected virtual bool IsChanged(Loaded row) => true;

    /// <summary>What else becomes true with the commit.</summary>
    protected virtual void Committed(Transaction transaction) { }

    protected virtual void Save(Row row, object copy) => row.Value = copy;

    // What goes to the outbox meanwhile belongs to the transaction.
    private void Run(Transaction transaction, Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is not Violation)
        {
            throw new Violation("no handler fails", $"{transaction.Text}: {exception.Message}");
        }
        var added = _buffer.ChangeTracker.KnownEntries<OutboxMessage>().ConvertAll(entry => entry.Entity);
        transaction.Messages.AddRange(added.OrderBy(message => message.Id));
        _buffer.ChangeTracker.Clear();
    }
}
