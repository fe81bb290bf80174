namespace Shop.Ordering.Saga;

/// <summary>What kind of thing a line of the timeline tells.</summary>
internal enum SagaEntryKind
{
    Started,
    Requested,
    Succeeded,
    Failed,
    TimedOut,
    Confirmed,
    Shipped,
    Delivered,
    Cancelled,
    CompensationRequested,
    Compensated,
    Ignored,
}

/// <summary>One line of a saga's timeline; written once.</summary>
internal sealed class SagaEntry(Guid orderId, DateTimeOffset at, StepName step, SagaEntryKind kind, string text)
{
    /// <summary>Given by the database, ascending: the order of the timeline.</summary>
    public long Id { get; private init; }
    public Guid OrderId { get; } = orderId;
    public DateTimeOffset At { get; } = at;
    public StepName Step { get; } = step;
    public SagaEntryKind Kind { get; } = kind;
    public string Text { get; } = text;
}
