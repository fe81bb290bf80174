using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Data;
using Shop.Ordering.Messages;

namespace Shop.Ordering.Saga;

/// <summary>Takes another context's answer to the saga of its order.</summary>
internal sealed class SagaReplyHandler<TReply>(OrderingDbContext db, SagaEngine engine) : IMessageHandler<TReply>
    where TReply : ISagaReply
{
    public async Task HandleAsync(TReply message, MessageContext context, CancellationToken cancellationToken)
    {
        var saga = await db.LoadSagaAsync(message.OrderId, cancellationToken);
        if (OrderSaga.Definition.NeedsItems(typeof(TReply)))
        {
            await db.Entry(saga.Order).Collection(o => o.Items).LoadAsync(cancellationToken);
        }

        engine.Handle(saga, message);
    }
}

/// <summary>Takes a step's deadline to the saga of its order; most of the time the step is long over.</summary>
internal sealed class StepDeadlineHandler(OrderingDbContext db, SagaEngine engine) : IMessageHandler<StepDeadline>
{
    public async Task HandleAsync(StepDeadline message, MessageContext context, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<StepName>(message.Step, out var step))
        {
            throw new MessageRejectedException("UnknownStep", "The saga has no such step.");
        }

        // Every order has its deadlines and hardly any is missed: those are spared loading the order.
        var isOver = await db
            .Sagas.Where(saga => saga.OrderId == message.OrderId)
            .Select(saga => (bool?)(saga.Status != SagaStatus.Running || saga.Step != step))
            .SingleOrDefaultAsync(cancellationToken);
        if (isOver is not true)
        {
            engine.HandleDeadline(await db.LoadSagaAsync(message.OrderId, cancellationToken), step);
        }
    }
}

internal static class SagaLoading
{
    /// <summary>The saga with its order; a message about an order that Ordering never had is a dead letter.</summary>
    public static async Task<SagaInstance> LoadSagaAsync(
        this OrderingDbContext db,
        Guid orderId,
        CancellationToken cancellationToken
    ) =>
        await db
            .Sagas.Include(saga => saga.Order)
            .SingleOrDefaultAsync(saga => saga.OrderId == orderId, cancellationToken)
        ?? throw new MessageRejectedException("UnknownOrder", $"There is no order {orderId}.");
}

/// <summary>The engine's outbox is Ordering's.</summary>
internal sealed class SagaOutbox(Outbox<OrderingDbContext> outbox) : ISagaOutbox
{
    public void Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt = null) =>
        outbox.Add(message, orderId.ToString(), deliverAt);
}
