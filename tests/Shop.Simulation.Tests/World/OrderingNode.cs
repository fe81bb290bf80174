using Microsoft.Extensions.Options;
using Shop.Messaging;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// Ordering: the real saga on the real outbox. Its rows have versions, as in the product: several transactions may be open on
/// one order, and the first to commit wins.
/// </summary>
internal sealed class OrderingNode : Node
{
    private readonly SagaEngine _engine;

    public OrderingNode(Module<OrderingDbContext> module, SimulatedClock time, Flaw flaw)
        : base(module.Messaging, module.Buffer, time, flaw)
    {
        var outbox = new Outbox<OrderingDbContext>(module.Buffer, module.Messaging, time);
        _engine = new SagaEngine(OrderSaga.Definition, Options.Create(new SagaOptions()), time, new SagaOutbox(outbox));
    }

    /// <summary>The saga as it is committed.</summary>
    public SagaInstance? Saga(Guid order) => Find<SagaInstance>(order);

    public Transaction Place(Plan plan) =>
        Begin($"place {plan.Name}", transaction => Add(transaction, plan.Id, _engine.Start(plan.Order)), plan.Place);

    public Transaction Cancel(Plan plan) =>
        Change(
            $"cancel {plan.Name}",
            plan.Id,
            plan.Cancel,
            saga =>
            {
                if (!saga.Order.HasLeft)
                {
                    _engine.CancelByRequest(saga, Cancellation.ByCustomer);
                }
            }
        );

    public Transaction Ship(Plan plan) =>
        Change(
            $"ship {plan.Name}",
            plan.Id,
            plan.Ship,
            saga =>
            {
                if (saga.IsCompletedAt(StepName.Ship))
                {
                    _engine.Ship(saga, new Shipment("UPS", null));
                }
            }
        );

    public Transaction Deliver(Plan plan) =>
        Change(
            $"deliver {plan.Name}",
            plan.Id,
            plan.Deliver,
            saga =>
            {
                if (saga.Order.Status == OrderStatus.Shipped)
                {
                    _engine.Deliver(saga);
                }
            }
        );

    public override bool Simulates(Type handler) =>
        handler == typeof(StepDeadlineHandler)
        || (handler.IsGenericType && handler.GetGenericTypeDefinition() == typeof(SagaReplyHandler<>));

    public override bool IsLocked(QueuedMessage message) =>
        // A delivery of the same message at the same time waits at the inbox.
        Open.Exists(transaction => transaction.Deliveries.Exists(other => other.Message.Id == message.Message.Id));

    protected override void Handle(Transaction transaction, IReadOnlyList<object> messages)
    {
        foreach (var message in messages)
        {
            switch (message)
            {
                case ISagaReply reply:
                    var needsItems = OrderSaga.Definition.NeedsItems(reply.GetType());
                    _engine.Handle(Load(transaction, reply.OrderId, needsItems), reply);
                    break;
                case StepDeadline deadline:
                    _engine.HandleDeadline(
                        Load(transaction, deadline.OrderId, withItems: false),
                        Enum.Parse<StepName>(deadline.Step)
                    );
                    break;
                default:
                    throw new InvalidOperationException($"{message.GetType().Name} is not simulated.");
            }
        }
    }

    protected override object Copy(object value) => Copies.Of((SagaInstance)value);

    // Whatever changes a saga is in its timeline.
    protected override bool IsChanged(Loaded row) =>
        !ReferenceEquals(((SagaInstance)row.Copy).Entries, ((SagaInstance)row.Original!).Entries);

    protected override void Save(Row row, object copy)
    {
        // Lines that were not loaded are in the database all the same.
        if (!ReferenceEquals(row.Value, copy))
        {
            Copies.ItemsOf(((SagaInstance)copy).Order) = Copies.ItemsOf(((SagaInstance)row.Value).Order);
        }
        base.Save(row, copy);
    }

    private Transaction Change(string text, Guid order, Wish wish, Action<SagaInstance> change) =>
        Begin(text, transaction => change(Load(transaction, order, withItems: true)), wish);

    private SagaInstance Load(Transaction transaction, Guid order, bool withItems)
    {
        var saga =
            Load<SagaInstance>(transaction, order)
            ?? throw new MessageRejectedException("UnknownOrder", $"There is no order {order}.");
        Copies.ItemsOf(saga.Order) = withItems ? Copies.ItemsOf(Saga(order)!.Order) : [];
        return saga;
    }
}
