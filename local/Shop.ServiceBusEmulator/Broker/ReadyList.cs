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
            if (message is { Settling: false, IsLocked: false, State: MessageState.Active })
            {
                return true;
            }
        }

        return false;
    }

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
