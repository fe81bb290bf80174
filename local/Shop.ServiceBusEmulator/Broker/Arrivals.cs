namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Adds a message, and the copies of it that other entities get, to what is about to be journalled.</summary>
internal delegate void MessageRoute(MessageContent content, Arrivals arrivals);

/// <summary>Collects the copies of messages on their way through the entities, as changes for the journal.</summary>
/// <remarks>Dead letters take with them what <paramref name="deadLetter"/> says; other copies start anew.</remarks>
internal sealed class Arrivals(List<JournalOperation> operations, DateTimeOffset now, StoredMessage? deadLetter = null)
{
    private const string NoSessionReason = "Session ID is null";
    private const string NoSessionDescription =
        "Session enabled entity doesn't allow a message whose session identifier is null.";

    public List<JournalOperation> Operations { get; } = operations;

    public void Add(MessageQueue queue, MessageContent content)
    {
        var message = deadLetter is null ? queue.CreateMessage(content, now) : Copy(deadLetter, content);
        if (queue.Settings.RequiresSession && content.Properties.SessionId is null)
        {
            // A sender is told; what a topic or another queue passes on can only be put aside.
            queue.AddDeadLetter(message, message.DeliveryCount, NoSessionReason, NoSessionDescription, Operations);
            return;
        }

        Operations.Add(new EnqueueOperation(queue, message));
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
