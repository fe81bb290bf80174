using Shop.Ordering.Domain;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Orders;

/// <summary>The data of an event about an order: a line of its timeline, and where the order stands.</summary>
/// <param name="Status">The order's status now.</param>
/// <param name="Step">The step that the line is about.</param>
/// <param name="Kind">What happened in it.</param>
/// <param name="Text">The line in words.</param>
/// <param name="At">When it happened.</param>
/// <param name="IsFinal">Whether nothing follows: close the connection, or the browser connects again.</param>
internal sealed record OrderUpdate(
    OrderStatus Status,
    StepName Step,
    SagaEntryKind Kind,
    string Text,
    DateTimeOffset At,
    bool IsFinal
);

/// <summary>An order as it was read: its status and its timeline.</summary>
internal sealed record OrderState(OrderStatus Status, IReadOnlyList<SagaEntry> Entries)
{
    /// <summary>Delivered, or cancelled with everything undone that had to be.</summary>
    public bool IsFinal =>
        Status == OrderStatus.Delivered
        || Status == OrderStatus.Cancelled
            && Count(SagaEntryKind.Compensated) >= Count(SagaEntryKind.CompensationRequested);

    /// <summary>The line of that number, from 0. Only the last one can be the end.</summary>
    public OrderUpdate UpdateOf(int line)
    {
        var entry = Entries[line];
        return new(Status, entry.Step, entry.Kind, entry.Text, entry.At, IsFinal && line == Entries.Count - 1);
    }

    private int Count(SagaEntryKind kind) => Entries.Count(entry => entry.Kind == kind);
}
