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
            case ReplyMeaning.Success when saga.IsCompletedAt(step.Name):
                saga.Record(Now, step.Name, SagaEntryKind.Succeeded, reply.Says);
                saga.Enter(definition.Shipping.Name, deadline: null);
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
                Fail(saga, step, reply.Cancellation!(saga.Order, message), definition.UpTo(saga.Step));
                break;
            case ReplyMeaning.Compensated:
                HandleCompensated(saga, step, reply, message);
                break;
            default:
                Ignore(saga, step, reply);
                break;
        }
    }

    public void HandleDeadline(SagaInstance saga, StepName name)
    {
        var step = definition[name];
        if (step.OnDeadline is { } cancellation && saga.IsWaitingFor(name))
        {
            saga.Record(Now, name, SagaEntryKind.TimedOut, "No answer within the deadline.");
            Cancel(saga, cancellation, definition.UpTo(saga.Step));
        }
    }

    /// <summary>
    /// Asks again for the answer that the saga waits for, with another deadline. Every step may be asked twice, and its answer
    /// may come twice, so this is safe whether the first question or its answer was lost or is only late.
    /// </summary>
    /// <returns>False, and nothing is changed, if it waits for no answer of another context.</returns>
    public bool Resume(SagaInstance saga)
    {
        if (definition.Steps.FirstOrDefault(step => step.Name == saga.Step) is not { } step)
        {
            return false;
        }

        if (saga.Status != SagaStatus.Running && !saga.IsCompletedAt(step.Name))
        {
            return false;
        }

        saga.Enter(step.Name, DeadlineOf(step));
        Ask(saga, step);
        saga.Record(Now, step.Name, SagaEntryKind.Requested, $"An operator had it asked again. {step.Does}");
        return true;
    }

    /// <summary>
    /// Takes the order back at the customer's request, wherever the saga stands. Idempotent; the caller makes sure that the
    /// order is cancelled or can be.
    /// </summary>
    public void CancelByRequest(SagaInstance saga, Cancellation cancellation)
    {
        if (saga.Status != SagaStatus.Cancelled)
        {
            Cancel(saga, cancellation, definition.UpTo(saga.Step));
        }
    }

    /// <summary>The parcel leaves. The caller makes sure that the saga waits for it.</summary>
    public void Ship(SagaInstance saga, Shipment shipment)
    {
        Carry(saga, definition.Shipping, shipment, SagaEntryKind.Shipped);
        saga.Enter(definition.Delivery.Name, deadline: null);
    }

    /// <summary>The parcel has arrived. The caller makes sure that it has left.</summary>
    public void Deliver(SagaInstance saga) => Carry(saga, definition.Delivery, default, SagaEntryKind.Delivered);

    private DateTimeOffset Now => time.Now();

    private void HandleCompensated(SagaInstance saga, SagaStep step, SagaReply reply, ISagaReply message)
    {
        var kept = reply.Keep?.Invoke(saga.Order, message);
        if (saga.Status == SagaStatus.Cancelled || step.OnUndoneUnasked is not { } cancellation)
        {
            saga.Record(Now, step.Name, SagaEntryKind.Compensated, kept ?? reply.Says);
        }
        else if (saga.Order.CanBeCancelled)
        {
            saga.Record(Now, step.Name, SagaEntryKind.Refunded, kept ?? reply.Says);
            Cancel(saga, cancellation, definition.UpTo(saga.Step).Where(other => other != step));
        }
        else if (kept is not null)
        {
            saga.Record(Now, step.Name, SagaEntryKind.Refunded, kept);
        }
        else
        {
            Ignore(saga, step, reply);
        }
    }

    private void Ignore(SagaInstance saga, SagaStep step, SagaReply reply)
    {
        var said = reply.Says.Length > 0 ? reply.Says : $"{step.Name} failed.";
        saga.Record(Now, step.Name, SagaEntryKind.Ignored, $"Came again or too late, and changed nothing: {said}");
    }

    private void Enter(SagaInstance saga, SagaStep step)
    {
        saga.Enter(step.Name, DeadlineOf(step));
        if (step.Completes)
        {
            saga.Order.Confirm(Now);
            saga.End(SagaStatus.Completed, Now);
            definition.OnCompleted(saga.Order, outbox);
        }

        Ask(saga, step);
        saga.Record(Now, step.Name, step.Completes ? SagaEntryKind.Confirmed : SagaEntryKind.Requested, step.Does);
    }

    private DateTimeOffset? DeadlineOf(SagaStep step) => Now + step.Deadline?.Invoke(options.Value);

    private void Ask(SagaInstance saga, SagaStep step)
    {
        step.Command(saga.Order, outbox);
        if (saga.Deadline is { } deadline)
        {
            outbox.Send(new StepDeadline(saga.OrderId, step.Name.ToString()), saga.OrderId, deadline);
        }
    }

    private void Carry<TInput>(SagaInstance saga, OperatorStep<TInput> step, TInput input, SagaEntryKind kind)
    {
        step.Does(saga.Order, input, Now);
        step.Event(saga.Order, outbox);
        saga.Record(Now, step.Name, kind, step.Says(saga.Order));
    }

    private void Fail(SagaInstance saga, SagaStep step, Cancellation cancellation, IEnumerable<SagaStep> undo)
    {
        saga.Record(Now, step.Name, SagaEntryKind.Failed, cancellation.Detail);
        Cancel(saga, cancellation, undo);
    }

    private void Cancel(SagaInstance saga, Cancellation cancellation, IEnumerable<SagaStep> undo)
    {
        saga.Order.Cancel(cancellation, Now);
        saga.End(SagaStatus.Cancelled, Now);
        var text = $"The order was cancelled {cancellation.Because}, {definition.When(saga.Step)}.";
        saga.Record(Now, saga.Step, SagaEntryKind.Cancelled, text);
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
}
