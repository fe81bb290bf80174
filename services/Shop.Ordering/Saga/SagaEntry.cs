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
    Refunded,
    Cancelled,
    CompensationRequested,
    Compensated,
    Ignored,
}

/// <summary>One line of a saga's timeline.</summary>
internal sealed record SagaEntry(DateTimeOffset At, StepName Step, SagaEntryKind Kind, string Text);
