using System.Runtime.InteropServices;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>All messages of a queue in the order of their sequence numbers, found by binary search.</summary>
/// <remarks>
/// Numbers only grow, so adding is an append. Removing leaves a hole; holes are squeezed out when they are the majority.
/// </remarks>
internal sealed class SequenceLog
{
    private readonly List<(long Sequence, StoredMessage? Message)> slots = [];
    private int holes;

    public int Count => slots.Count - holes;

    public void Add(StoredMessage message)
    {
        var slot = (message.SequenceNumber, message);
        if (slots.Count == 0 || slots[^1].Sequence < message.SequenceNumber)
        {
            slots.Add(slot);
            return;
        }

        slots.Insert(FirstAtOrAfter(message.SequenceNumber), slot);
    }

    public StoredMessage? Find(long sequence)
    {
        var index = FirstAtOrAfter(sequence);
        return index < slots.Count && slots[index].Sequence == sequence ? slots[index].Message : null;
    }

    public bool Remove(long sequence)
    {
        var index = FirstAtOrAfter(sequence);
        if (index >= slots.Count || slots[index].Sequence != sequence || slots[index].Message is null)
        {
            return false;
        }

        CollectionsMarshal.AsSpan(slots)[index].Message = null;
        if (++holes > 64 && holes > slots.Count / 2)
        {
            slots.RemoveAll(slot => slot.Message is null);
            holes = 0;
        }

        return true;
    }

    public IEnumerable<StoredMessage> From(long sequence)
    {
        for (var index = FirstAtOrAfter(sequence); index < slots.Count; index++)
        {
            if (slots[index].Message is { } message)
            {
                yield return message;
            }
        }
    }

    private int FirstAtOrAfter(long sequence)
    {
        var (low, high) = (0, slots.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (slots[middle].Sequence < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
