using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Data;
using Shop.Ordering.Messages;

namespace Shop.Ordering.Saga;

/// <summary>Takes another context's answers to the sagas of their orders.</summary>
internal sealed class SagaReplyHandler<TReply>(OrderingDbContext db, SagaEngine engine) : IMessageBatchHandler<TReply>
    where TReply : ISagaReply
{
    private static readonly bool NeedsItems = OrderSaga.Definition.NeedsItems(typeof(TReply));

    public async Task HandleAsync(IReadOnlyList<Received<TReply>> replies, CancellationToken cancellationToken)
    {
        var sagas = await db.LoadSagasAsync(
            replies.Select(reply => reply.Message.OrderId),
            NeedsItems,
            cancellationToken
        );
        foreach (var reply in replies)
        {
            reply.Handle(message => engine.Handle(sagas.Of(message.OrderId), message));
        }
    }
}

/// <summary>Takes a step's deadline to the saga of its order; most of the time the step is long over.</summary>
internal sealed class StepDeadlineHandler(OrderingDbContext db, SagaEngine engine) : IMessageBatchHandler<StepDeadline>
{
    public async Task HandleAsync(IReadOnlyList<Received<StepDeadline>> deadlines, CancellationToken cancellationToken)
    {
        // Every order has its deadlines and hardly any is missed: those are spared loading the order. A step that is over
        // stays so.
        var over = await StepsOverAsync([.. deadlines.Select(one => one.Message)], cancellationToken);
        var missed = deadlines.Where(one => !over.Contains(one.Message)).ToList();
        var sagas = await db.LoadSagasAsync(
            missed.Select(one => one.Message.OrderId),
            withItems: false,
            cancellationToken
        );
        foreach (var deadline in missed)
        {
            deadline.Handle(message => engine.HandleDeadline(sagas.Of(message.OrderId), Step(message)));
        }
    }

    private async Task<HashSet<StepDeadline>> StepsOverAsync(
        IReadOnlyList<StepDeadline> deadlines,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. deadlines.Select(deadline => deadline.OrderId)];
        var sagas = await db
            .Sagas.Where(saga => ids.Contains(saga.OrderId))
            .Select(saga => new
            {
                saga.OrderId,
                saga.Status,
                saga.Step,
            })
            .ToDictionaryAsync(saga => saga.OrderId, cancellationToken);
        return
        [
            .. deadlines.Where(deadline =>
                Step(deadline) is var step
                && sagas.TryGetValue(deadline.OrderId, out var saga)
                && (saga.Status != SagaStatus.Running || saga.Step != step)
            ),
        ];
    }

    private static StepName Step(StepDeadline deadline) =>
        Enum.TryParse<StepName>(deadline.Step, out var step)
            ? step
            : throw new MessageRejectedException("UnknownStep", "The saga has no such step.");
}

internal static class SagaLoading
{
    /// <summary>These orders' sagas, as far as there are any, with their orders.</summary>
    public static async Task<IReadOnlyDictionary<Guid, SagaInstance>> LoadSagasAsync(
        this OrderingDbContext db,
        IEnumerable<Guid> orderIds,
        bool withItems,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. orderIds];
        if (ids.Length == 0)
        {
            return new Dictionary<Guid, SagaInstance>();
        }

        var sagas = db.Sagas.Include(saga => saga.Order).Where(saga => ids.Contains(saga.OrderId));
        return await (withItems ? sagas.Include(saga => saga.Order.Items) : sagas).ToDictionaryAsync(
            saga => saga.OrderId,
            cancellationToken
        );
    }

    /// <summary>One of them; a message about an order that Ordering never had is a dead letter.</summary>
    public static SagaInstance Of(this IReadOnlyDictionary<Guid, SagaInstance> sagas, Guid orderId) =>
        sagas.GetValueOrDefault(orderId)
        ?? throw new MessageRejectedException("UnknownOrder", $"There is no order {orderId}.");
}

/// <summary>The engine's outbox is Ordering's.</summary>
internal sealed class SagaOutbox(Outbox<OrderingDbContext> outbox) : ISagaOutbox
{
    public void Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt = null) =>
        outbox.Add(message, orderId.ToString(), deliverAt);
}
