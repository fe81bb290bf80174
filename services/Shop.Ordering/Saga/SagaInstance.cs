using System.Diagnostics;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Saga;

/// <summary>Where a saga stands as a whole. A completed one has confirmed its order; what is left is shipping.</summary>
internal enum SagaStatus
{
    Running,
    Completed,
    Cancelled,
}

/// <summary>The saga of one order: its state, and the timeline of what it did.</summary>
internal sealed class SagaInstance
{
    private SagaInstance() { }

    public SagaInstance(Order order, StepName first, DateTimeOffset now)
    {
        Order = order;
        OrderId = order.Id;
        Step = first;
        StartedAt = now;
        TraceId = Activity.Current?.TraceId.ToHexString();
    }

    public Guid OrderId { get; private init; }
    public Order Order { get; private init; } = null!;
    public SagaStatus Status { get; private set; }

    /// <summary>The step whose answer is waited for; after the last one, that one.</summary>
    public StepName Step { get; private set; }
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>The trace of the request that placed the order, and of all messages that followed; null when there was none.</summary>
    public string? TraceId { get; private init; }
    public DateTimeOffset? Deadline { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The timeline, in its order; replaced, never changed.</summary>
    public IReadOnlyList<SagaEntry> Entries { get; private set; } = [];

    public bool IsWaitingFor(StepName step) => Status == SagaStatus.Running && Step == step;

    /// <summary>Whether the step was answered with success, and the order still stands and can be taken back.</summary>
    public bool HasPassed(StepName step) => Order.CanBeCancelled && Step > step;

    /// <summary>Whether the order is confirmed and the step's answer, which changes nothing about that, is still due.</summary>
    public bool IsCompletedAt(StepName step) => Status == SagaStatus.Completed && Step == step;

    public void Enter(StepName step, DateTimeOffset? deadline)
    {
        Step = step;
        Deadline = deadline;
    }

    public void End(SagaStatus status, DateTimeOffset now)
    {
        Status = status;
        Deadline = null;
        EndedAt = now;
    }

    public void Record(DateTimeOffset at, StepName step, SagaEntryKind kind, string text) =>
        Entries = [.. Entries, new SagaEntry(at, step, kind, text)];
}
