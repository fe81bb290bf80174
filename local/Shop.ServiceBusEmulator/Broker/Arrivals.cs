namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Adds a message, and the copies of it that other entities get, to what is about to be journalled.</summary>
internal delegate void MessageRoute(MessageContent content, Arrivals arrivals);

/// <summary>Collects the copies of messages on their way through the entities, as changes for the journal.</summary>
/// <remarks>
/// To be disposed of when the changes have been appended: where duplicates are looked for, nobody comes between a message and
/// the next one with its id.
/// </remarks>
internal sealed class Arrivals : IDisposable
{
    private const string NoSessionReason = "Session ID is null";
    private const string NoSessionDescription =
        "Session enabled entity doesn't allow a message whose session identifier is null.";

    private static readonly Lock Order = new();

    private readonly DateTimeOffset now;
    private readonly Arrivals root;
    private readonly StoredMessage? deadLetter;
    private bool isOrdered;

    public Arrivals(List<JournalOperation> operations, DateTimeOffset now)
    {
        Operations = operations;
        this.now = now;
        root = this;
    }

    private Arrivals(Arrivals root, StoredMessage deadLetter)
    {
        Operations = root.Operations;
        now = root.now;
        this.root = root;
        this.deadLetter = deadLetter;
    }

    public List<JournalOperation> Operations { get; }

    /// <summary>A duplicate was left out.</summary>
    public bool HasDuplicates { get; private set; }

    /// <summary>Copies take with them what is known of a dead letter; others start anew.</summary>
    public Arrivals Of(StoredMessage deadLetter) => new(root, deadLetter);

    /// <summary>Notes the message's id down where duplicates are looked for; false when it is one.</summary>
    public bool IsNew(MessageQueue queue, MessageContent content)
    {
        if (queue.Duplicates is not { } history || content.Properties.MessageId is not { } id)
        {
            return true;
        }

        if (!root.isOrdered)
        {
            Order.Enter();
            root.isOrdered = true;
        }

        if (history.Add(id, now) is not { } seen)
        {
            HasDuplicates = true;
            return false;
        }

        Operations.Add(new SeenOperation(queue, seen));
        return true;
    }

    public void Add(MessageQueue queue, MessageContent content)
    {
        // Only a queue of dead letters has none of its own.
        var message =
            deadLetter is not null && queue.DeadLetterRoute is null
                ? Copy(deadLetter, content)
                : queue.CreateMessage(content, now, deadLetter);
        if (queue.Settings.RequiresSession && content.Properties.SessionId is null)
        {
            // A sender is told; what a topic or another queue passes on can only be put aside.
            queue.AddDeadLetter(message, message.DeliveryCount, NoSessionReason, NoSessionDescription, this);
            return;
        }

        Operations.Add(new EnqueueOperation(queue, message));
    }

    public void Dispose()
    {
        if (isOrdered)
        {
            isOrdered = false;
            Order.Exit();
        }
    }

    private static StoredMessage Copy(StoredMessage deadLetter, MessageContent content) =>
        new()
        {
            Content = content,
            EnqueuedAt = deadLetter.EnqueuedAt,
            DeliveryCount = deadLetter.DeliveryCount,
            DeadLetterSource = deadLetter.DeadLetterSource,
            ChangedProperties = deadLetter.ChangedProperties,
        };
}
