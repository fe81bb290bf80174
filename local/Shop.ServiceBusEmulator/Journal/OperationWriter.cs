using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>Writes operations into a buffer, naming each store once per file and using a number from then on.</summary>
internal sealed class OperationWriter
{
    private readonly Dictionary<MessageQueue, int> numbers = [];

    // Not the count: a store may have several numbers in a file that was read back.
    private int lastNumber;

    public OperationWriter() { }

    public OperationWriter(IReadOnlyDictionary<int, MessageQueue> known)
    {
        foreach (var (number, store) in known)
        {
            numbers[store] = number;
            lastNumber = Math.Max(lastNumber, number);
        }
    }

    public void Write(RecordBuffer buffer, JournalOperation operation)
    {
        if (operation.Queue.IsDeleted)
        {
            // A name may belong to another entity by now.
            return;
        }

        var store = Define(buffer, operation.Queue);
        switch (operation)
        {
            case EnqueueOperation(_, var message):
                RecordFormat.Enqueue(buffer, store, message);
                break;
            case RemoveOperation(_, var message):
                RecordFormat.Remove(buffer, store, message.SequenceNumber);
                break;
            case UpdateOperation update:
                RecordFormat.Update(buffer, store, update);
                break;
            case RuleOperation(_, var name, var rule):
                RecordFormat.Rule(buffer, store, name, rule);
                break;
            case SeenOperation(_, var seen):
                RecordFormat.Seen(buffer, store, seen);
                break;
            case EntityOperation(var queue, var definition):
                RecordFormat.Entity(buffer, store, definition?.Name ?? queue.Name, definition);
                break;
            case SessionStateOperation session:
                RecordFormat.SessionState(buffer, store, session);
                break;
        }
    }

    /// <summary>The store's number, after its name has been written if this file does not have it yet.</summary>
    public int Define(RecordBuffer buffer, MessageQueue queue)
    {
        if (numbers.TryGetValue(queue, out var number))
        {
            return number;
        }

        number = ++lastNumber;
        numbers.Add(queue, number);
        RecordFormat.Define(buffer, number, queue);
        return number;
    }
}
