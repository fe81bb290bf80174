using Shop.Ordering.Domain;

namespace Shop.Ordering.Saga;

/// <summary>What a reply means to the step that it answers.</summary>
internal enum ReplyMeaning
{
    Success,
    Failure,
    Compensated,
}

/// <summary>An operator's step that needs nothing to be said.</summary>
internal readonly record struct NoInput;

/// <summary>The saga's steps in their order, and what is published at its beginning and its ends.</summary>
internal sealed class SagaDefinition
{
    public required Action<Order, ISagaOutbox> OnStarted { get; init; }
    public required IReadOnlyList<SagaStep> Steps { get; init; }
    public required OperatorStep<Shipment> Shipping { get; init; }
    public required OperatorStep<NoInput> Delivery { get; init; }
    public required Action<Order, ISagaOutbox> OnCompleted { get; init; }
    public required Action<Order, ISagaOutbox> OnCancelled { get; init; }

    public SagaStep this[StepName name] => Steps.First(step => step.Name == name);

    public SagaStep After(SagaStep step) => Steps[IndexOf(step) + 1];

    /// <summary>The steps before the given one, the last of them first: the order in which things are undone.</summary>
    public IEnumerable<SagaStep> Before(SagaStep step) => Steps.Take(IndexOf(step)).Reverse();

    /// <summary>The steps that may have had an effect when the saga stands at the given one, the last first.</summary>
    public IEnumerable<SagaStep> UpTo(StepName name) => Steps.Where(step => step.Name <= name).Reverse();

    /// <summary>For the timeline: when something happened that happened in the step.</summary>
    public string When(StepName name) =>
        name == Shipping.Name ? Shipping.When
        : name == Delivery.Name ? Delivery.When
        : this[name].When;

    /// <summary>Which step a reply answers, and what it means there.</summary>
    public (SagaStep Step, ReplyMeaning Meaning, SagaReply Reply) Read(Type reply)
    {
        foreach (var step in Steps)
        {
            if (step.OnSuccess.Type == reply)
            {
                return (step, ReplyMeaning.Success, step.OnSuccess);
            }

            if (step.OnFailure?.Type == reply)
            {
                return (step, ReplyMeaning.Failure, step.OnFailure);
            }

            if (step.OnCompensated?.Type == reply)
            {
                return (step, ReplyMeaning.Compensated, step.OnCompensated);
            }
        }

        throw new InvalidOperationException($"No step of the saga waits for {reply.Name}.");
    }

    /// <summary>
    /// Whether the order's lines are needed: a failure's text names products, and so does the event of the confirmation.
    /// The other replies are spared the query.
    /// </summary>
    public bool NeedsItems(Type reply)
    {
        var (step, meaning, _) = Read(reply);
        return meaning == ReplyMeaning.Failure
            || (meaning == ReplyMeaning.Success && !step.Completes && After(step).Completes);
    }

    private int IndexOf(SagaStep step) => Steps.Index().First(row => row.Item == step).Index;
}
