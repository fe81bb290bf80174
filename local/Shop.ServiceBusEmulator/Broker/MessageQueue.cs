namespace Shop.ServiceBusEmulator.Broker;

/// <summary>
/// A sequence of messages with locks, deadlines and receivers: the heart of a queue, of a subscription, of each one's
/// dead letters, and the place where a topic's scheduled messages wait.
/// </summary>
internal sealed partial class MessageQueue : IDisposable
{
    private readonly Lock gate = new();
    private readonly SequenceLog log = new();
    private readonly ReadyList ready = new();
    private readonly Dictionary<Guid, StoredMessage> locked = [];
    private readonly List<Consumer> consumers = [];
    private readonly Deadlines deadlines;
    private readonly IJournal journal;
    private readonly TimeProvider time;
    private readonly int[] inState = new int[Enum.GetValues<MessageState>().Length];
    private volatile QueueSettings settings;
    private QueueTraffic traffic;
    private long lastSequence;
    private long accessedAt;
    private volatile bool isDeleted;
    private bool started;

    public MessageQueue(string name, QueueSettings settings, IJournal journal, TimeProvider time)
    {
        Name = name;
        this.settings = settings;
        Settings = settings;
        this.journal = journal;
        this.time = time;
        deadlines = new Deadlines(time, OnDeadline);
        Rules = new RuleSet(this, journal);
        Route = (content, arrivals) => arrivals.Add(this, content);
    }

    /// <summary>The address below which messages are kept, in lower case; never changes for the same entity.</summary>
    public string Name { get; }

    /// <summary>They may change at any time, but for whether there are sessions.</summary>
    public QueueSettings Settings
    {
        get => settings;
        set
        {
            settings = value;
            if (value.DuplicateWindow is { } window)
            {
                Duplicates ??= new DuplicateHistory();
                Duplicates.Window = window;
            }
            else
            {
                Duplicates = null;
            }
        }
    }

    /// <summary>The journal says that its entity was deleted: nothing of it is written any more.</summary>
    public bool IsDeleted => isDeleted;

    /// <summary>When a message was last sent or received; null when none was in this run.</summary>
    public DateTimeOffset? AccessedAt =>
        Volatile.Read(ref accessedAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>What a subscription lets in; anything else has none.</summary>
    public RuleSet Rules { get; }

    /// <summary>The ids of messages sent to this entity; null when duplicates are not looked for.</summary>
    public DuplicateHistory? Duplicates { get; private set; }

    /// <summary>Where a message of this queue goes when it is due: the queue itself unless it forwards.</summary>
    public MessageRoute Route { get; set; }

    /// <summary>Where dead letters go; null for a dead-letter queue, whose messages stay until they are completed.</summary>
    public MessageRoute? DeadLetterRoute { get; set; }

    /// <summary>The last sequence number given out. Guarded by the journal, which gives them.</summary>
    public long LastSequence
    {
        get => lastSequence;
        set => lastSequence = value;
    }

    public void NoteAccess(DateTimeOffset now) => Volatile.Write(ref accessedAt, now.UtcTicks);

    /// <summary>A message that arrives now, perhaps as a dead letter of another queue, whose life starts again.</summary>
    public StoredMessage CreateMessage(MessageContent content, DateTimeOffset now, StoredMessage? deadLetter = null)
    {
        var timeToLive = content.Properties.TimeToLive ?? TimeSpan.MaxValue;
        if (timeToLive > Settings.DefaultTimeToLive)
        {
            timeToLive = Settings.DefaultTimeToLive;
        }

        return new StoredMessage
        {
            Content = content,
            EnqueuedAt = now,
            ExpiresAt = timeToLive < DateTimeOffset.MaxValue - now ? now + timeToLive : DateTimeOffset.MaxValue,
            DeadLetterSource = deadLetter?.DeadLetterSource,
            ChangedProperties = deadLetter?.ChangedProperties ?? MessageProperties.NoProperties,
        };
    }

    /// <summary>Called by the journal, in its order, when a change is durable.</summary>
    public void Apply(JournalOperation operation)
    {
        using var deliveries = new DeliveryRound(this);
        switch (operation)
        {
            case EnqueueOperation(_, var message):
                log.Add(message);
                inState[(int)message.State]++;
                traffic.In += message.State == MessageState.Scheduled ? 0 : 1;
                Settle(message);
                AddNew(message);
                break;
            case RemoveOperation(_, var message):
                log.Remove(message.SequenceNumber);
                inState[(int)message.State]--;
                LeaveSession(message);
                break;
            case UpdateOperation update:
                var changed = update.Message;
                changed.Settling = false;
                inState[(int)changed.State]--;
                inState[(int)update.State]++;
                changed.State = update.State;
                changed.DeliveryCount = update.DeliveryCount;
                changed.ChangedProperties = update.ChangedProperties;
                if (changed.Session is { } session)
                {
                    session.Returning--;
                }

                MakeAvailable(changed);
                break;
            case SeenOperation(_, var seen):
                seen.IsDurable = true;
                break;
            case EntityOperation { Definition: null }:
                isDeleted = true;
                break;
            case SessionStateOperation state:
                RestoreSessionState(state.SessionId, state.State, state.UpdatedAt);
                break;
        }
    }

    public void Dispose() => deadlines.Dispose();

    /// <summary>A message that nobody holds is there to be taken again.</summary>
    private void MakeAvailable(StoredMessage message)
    {
        Settle(message);
        if (message.State != MessageState.Active)
        {
            return;
        }

        if (message.Session is not { } session)
        {
            ready.Return(message);
            return;
        }

        session.Ready.Return(message);
        Sessions.Offer(session);
    }

    private void Settle(StoredMessage message)
    {
        if (message.State == MessageState.Scheduled)
        {
            deadlines.Add(message, DeadlineKind.ScheduledEnqueue, message.ScheduledFor);
        }
        else
        {
            deadlines.Add(message, DeadlineKind.TimeToLive, message.ExpiresAt);
        }
    }
}
