using Shop.Ordering.Domain;
using Shop.Ordering.Messages;

namespace Shop.Ordering.Saga;

/// <summary>The steps' names in the order of the steps, as they stand in the database, in the deadline message and in the timeline.</summary>
internal enum StepName
{
    ReserveStock,
    ProcessPayment,
    Confirm,
    Ship,
    Deliver,
}

/// <summary>One row of the saga's table: a step that another context carries out.</summary>
internal sealed class SagaStep(StepName name)
{
    public StepName Name { get; } = name;

    /// <summary>For the timeline: what entering the step does.</summary>
    public required string Does { get; init; }

    /// <summary>For the timeline: when something happened that happened in this step.</summary>
    public required string When { get; init; }

    /// <summary>Sent on entering the step.</summary>
    public required Action<Order, ISagaOutbox> Command { get; init; }

    /// <summary>The reply that takes the saga to the next step.</summary>
    public required SagaReply OnSuccess { get; init; }

    /// <summary>The reply that cancels the order; the steps before this one are compensated.</summary>
    public SagaReply? OnFailure { get; init; }

    /// <summary>How long the step may take; then the order is cancelled, this step compensated too.</summary>
    public Func<SagaOptions, TimeSpan>? Deadline { get; init; }

    /// <summary>What the customer reads when the deadline has passed.</summary>
    public Cancellation? OnDeadline { get; init; }

    /// <summary>For the timeline: what the compensation does.</summary>
    public string Undoes { get; init; } = "";

    /// <summary>Undoes the step whether it was done, is being done or comes to be done later.</summary>
    public Action<Order, string, ISagaOutbox>? Compensation { get; init; }

    /// <summary>The reply that says so.</summary>
    public SagaReply? OnCompensated { get; init; }

    /// <summary>
    /// What the customer reads when the other context says so without having been asked: an order whose payment went back
    /// must not be shipped.
    /// </summary>
    public Cancellation? OnUndoneUnasked { get; init; }

    /// <summary>Entering this step is the saga's happy end; nothing is waited for.</summary>
    public bool Completes { get; init; }

    public static Action<Order, ISagaOutbox> Send<TMessage>(Func<Order, TMessage> create) =>
        (order, outbox) => outbox.Send(create(order), order.Id);

    public static Action<Order, string, ISagaOutbox> Undo<TMessage>(Func<Order, string, TMessage> create) =>
        (order, reason, outbox) => outbox.Send(create(order, reason), order.Id);

    public static SagaReply Reply<TReply>(string says)
        where TReply : ISagaReply => new(typeof(TReply), says, null);

    /// <summary>A reply that the order keeps, once; the text says it then.</summary>
    public static SagaReply Kept<TReply>(string says, Func<Order, TReply, bool> keep, Func<Order, string> kept)
        where TReply : ISagaReply =>
        new(typeof(TReply), says, null) { Keep = (order, reply) => keep(order, (TReply)reply) ? kept(order) : null };

    public static SagaReply Refusal<TReply>(Func<Order, TReply, Cancellation> cancel)
        where TReply : ISagaReply => new(typeof(TReply), "", (order, reply) => cancel(order, (TReply)reply));
}

/// <summary>
/// A row of the saga's table for a step that an operator carries out: the saga waits for it without a deadline, and nothing
/// undoes it.
/// </summary>
/// <param name="Name">The step.</param>
/// <param name="When">For the timeline: when something happened while it was waited for.</param>
/// <param name="Does">What it does to the order.</param>
/// <param name="Says">For the timeline: what was done.</param>
/// <param name="Event">Told to the other contexts.</param>
internal sealed record OperatorStep<TInput>(
    StepName Name,
    string When,
    Action<Order, TInput, DateTimeOffset> Does,
    Func<Order, string> Says,
    Action<Order, ISagaOutbox> Event
);

/// <summary>A message that answers a step, what the timeline says about it, and the cancellation that it causes.</summary>
internal sealed record SagaReply(Type Type, string Says, Func<Order, ISagaReply, Cancellation>? Cancellation)
{
    /// <summary>Writes down in the order what the reply says; null if that was known before, else what the timeline says.</summary>
    public Func<Order, ISagaReply, string?>? Keep { get; init; }
}
