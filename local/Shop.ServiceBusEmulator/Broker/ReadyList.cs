namespace Shop.ServiceBusEmulator.Broker;

/// <summary>The messages that may be delivered, lowest sequence number first.</summary>
/// <remarks>New ones come in order and cost nothing to sort; only those that came back after a delivery go to a heap.</remarks>
internal sealed class ReadyList
{
    private readonly Queue<StoredMessage> fresh = new();
    private readonly PriorityQueue<StoredMessage, long> returned = new();

    public void AddNew(StoredMessage message) => fresh.Enqueue(message);

    public void Return(StoredMessage message) => returned.Enqueue(message, message.SequenceNumber);

    /// <summary>Takes the next message that is still there to be delivered.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoredMessage? message)
    {
        while (TryTakeAny(out message))
        {
            if (message is not null && IsDeliverable(message))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether there is anything to take.</summary>
    public bool HasAny()
    {
        while (returned.TryPeek(out var message, out _) && !IsDeliverable(message))
        {
            returned.Dequeue();
        }

        while (returned.Count == 0 && fresh.TryPeek(out var message) && !IsDeliverable(message))
        {
            fresh.Dequeue();
        }

        return returned.Count > 0 || fresh.Count > 0;
    }

    private static bool IsDeliverable(StoredMessage message) =>
        message is { Settling: false, IsLocked: false, State: MessageState.Active };

    private bool TryTakeAny(out StoredMessage? message)
    {
        if (
            returned.TryPeek(out _, out var returnedSequence)
            && (!fresh.TryPeek(out var first) || returnedSequence < first.SequenceNumber)
        )
        {
            message = returned.Dequeue();
            return true;
        }

        return fresh.TryDequeue(out message);
    }
}
