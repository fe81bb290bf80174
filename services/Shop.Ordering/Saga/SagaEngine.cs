using Microsoft.Extensions.Options;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;

namespace Shop.Ordering.Saga;

/// <summary>
/// Moves a saga along its definition. Whatever arrives is compared with the state first, so that replies may come
/// twice, late, in another order, or never. It changes the order, the instance and the outbox, all of which the caller
/// saves in one transaction.
/// </summary>
internal sealed class SagaEngine(
    SagaDefinition definition,
    IOptions<SagaOptions> options,
    TimeProvider time,
    ISagaOutbox outbox
)
{
    public SagaInstance Start(Order order)
    {
        var first = definition.Steps[0];
        var saga = new SagaInstance(order, first.Name, Now);
        saga.Record(Now, first.Name, SagaEntryKind.Started, "The order was placed.");
        definition.OnStarted(order, outbox);
        Enter(saga, first);
        return saga;
    }

    public void Handle(SagaInstance saga, ISagaReply message)
    {
        var (step, meaning, reply) = definition.Read(message.GetType());
        switch (meaning)
        {
            case ReplyMeaning.Success when saga.IsWaitingFor(step.Name):
                saga.Record(Now, step.Name, SagaEntryKind.Succeeded, reply.Says);
                Enter(saga, definition.After(step));
                break;
            case ReplyMeaning.Success when step.Completes && saga.Status == SagaStatus.Completed:
                saga.Record(Now, step.Name, SagaEntryKind.Succeeded, reply.Says);
                break;
            case ReplyMeaning.Success when saga.Status == SagaStatus.Cancelled:
                // Done after all, perhaps after the compensation passed by: undo it (again).
                saga.Record(Now, step.Name, SagaEntryKind.Succeeded, $"Too late: {reply.Says}");
                Compensate(saga, step);
                break;
            case ReplyMeaning.Failure when saga.IsWaitingFor(step.Name):
                Fail(saga, step, reply.Cancellation!(saga.Order, message), definition.Before(step));
                break;
            case ReplyMeaning.Failure when saga.HasPassed(step.Name):
                // The partner takes its word back, as Inventory does when a reservation expired before its commit.
                Fail(saga, step, reply.Cancellation!(saga.Order, message), Entered(saga));
                break;
            case ReplyMeaning.Compensated:
                saga.Record(Now, step.Name, SagaEntryKind.Compensated, reply.Says);
                break;
            default:
                Ignore(saga, step, $"{message.GetType().Name} changed nothing.");
                break;
        }
    }

    public void HandleDeadline(SagaInstance saga, StepName name)
    {
        var step = definition[name];
        if (step.OnDeadline is { } cancellation && saga.IsWaitingFor(name))
        {
            saga.Record(Now, name, SagaEntryKind.TimedOut, "No answer within the deadline.");
            Cancel(saga, cancellation, Entered(saga));
        }
    }

    /// <summary>Takes the order back at the customer's request, wherever the saga stands. Idempotent.</summary>
    public void CancelByRequest(SagaInstance saga, Cancellation cancellation)
    {
        if (saga.Status != SagaStatus.Cancelled)
        {
            Cancel(saga, cancellation, Entered(saga));
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private void Enter(SagaInstance saga, SagaStep step)
    {
        var deadline = Now + step.Deadline?.Invoke(options.Value);
        saga.Enter(step.Name, deadline);
        if (step.Completes)
        {
            saga.Order.Confirm(Now);
            saga.End(SagaStatus.Completed, Now);
            definition.OnCompleted(saga.Order, outbox);
        }

        step.Command(saga.Order, outbox);
        saga.Record(Now, step.Name, step.Completes ? SagaEntryKind.Confirmed : SagaEntryKind.Requested, step.Does);
        if (deadline is not null)
        {
            var message = new StepDeadline(saga.OrderId, step.Name.ToString());
            outbox.Send(message, saga.OrderId, deadline);
        }
    }

    /// <summary>All steps that may have had an effect, the last first.</summary>
    private IEnumerable<SagaStep> Entered(SagaInstance saga) =>
        [definition[saga.Step], .. definition.Before(definition[saga.Step])];

    private void Fail(SagaInstance saga, SagaStep step, Cancellation cancellation, IEnumerable<SagaStep> undo)
    {
        saga.Record(Now, step.Name, SagaEntryKind.Failed, cancellation.Detail);
        Cancel(saga, cancellation, undo);
    }

    private void Cancel(SagaInstance saga, Cancellation cancellation, IEnumerable<SagaStep> undo)
    {
        saga.Order.Cancel(cancellation, Now);
        saga.End(SagaStatus.Cancelled, Now);
        saga.Record(Now, saga.Step, SagaEntryKind.Cancelled, $"Cancelled: {cancellation.Reason}.");
        definition.OnCancelled(saga.Order, outbox);
        foreach (var step in undo)
        {
            Compensate(saga, step);
        }
    }

    private void Compensate(SagaInstance saga, SagaStep step)
    {
        if (step.Compensation is { } compensation)
        {
            var reason = saga.Order.CancellationReason.ToString()!;
            compensation(saga.Order, reason, outbox);
            saga.Record(Now, step.Name, SagaEntryKind.CompensationRequested, step.Undoes);
        }
    }

    private void Ignore(SagaInstance saga, SagaStep step, string why) =>
        saga.Record(Now, step.Name, SagaEntryKind.Ignored, why);
}
