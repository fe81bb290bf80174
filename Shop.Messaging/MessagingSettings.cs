namespace Shop.Messaging;

/// <summary>Limits and intervals. The defaults are meant for production; tests shorten the waits.</summary>
internal sealed record MessagingSettings
{
    /// <summary>How many rows a relay takes at once.</summary>
    public int OutboxBatch { get; init; } = 200;

    /// <summary>The limit for sending one batch; the relays of other replicas wait meanwhile.</summary>
    public TimeSpan SendLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a relay may leave its round alone; then the database ends it, and another has its turn. Above the limit for
    /// sending, and below that of a command (30 s), which ends the others' wait.
    /// </summary>
    public TimeSpan OutboxLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the relay looks for rows without having been woken.</summary>
    public TimeSpan OutboxPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The least time between two rounds of a relay that is woken all the time.</summary>
    public TimeSpan RelayPace { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest pause of a relay whose database or bus does not answer.</summary>
    public TimeSpan MaxRelayPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many messages of its queue a context handles at a time.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>
    /// How often the locks of messages at work are looked at. A lock is renewed that ends within twice this time; well below
    /// the shortest lock duration of a queue (10 s).
    /// </summary>
    public TimeSpan LockCheck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most messages that are handled in one transaction.</summary>
    public int InboxBatch { get; init; } = 64;

    /// <summary>
    /// The limit for the transaction that messages share; others wait for it meanwhile, so it is short. Whoever needs longer gets
    /// <see cref="HandlerLimit"/> alone.
    /// </summary>
    public TimeSpan InboxBatchLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The limit for the transaction of a message that is handled alone.</summary>
    public TimeSpan HandlerLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a transient failure is tried again before the message goes back to the queue.</summary>
    public int TransientRetries { get; init; } = 4;

    /// <summary>The first pause before trying again; it doubles each time.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The pause before a failed message goes back for the first time; it doubles with each delivery.</summary>
    public TimeSpan RedeliveryPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest such pause. Well below the lock's duration, and it occupies one of the concurrent calls.</summary>
    public TimeSpan MaxRedeliveryPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// In process only: how long a message is its receiver's. It is renewed while handlers are at work, so this is how long a
    /// message waits after the process was killed.
    /// </summary>
    public TimeSpan QueueLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>In process only: how often a receiver looks for messages that have come due.</summary>
    public TimeSpan QueuePoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>In process only: how often a message is delivered at most; then it is a dead letter.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>How often dead letters are counted.</summary>
    public TimeSpan DeadLetterCountInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long handlers that are at work may go on when the service stops; below <c>Shutdown:Timeout</c>.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a receiver that stops waits for the bus; a round trip when it is there.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the inbox remembers a message; longer than any message can be on its way.</summary>
    public TimeSpan InboxAge { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How often old inbox entries are removed.</summary>
    public TimeSpan InboxCleanUpInterval { get; init; } = TimeSpan.FromHours(1);
}
