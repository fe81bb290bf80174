using FsCheck.Xunit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Saga;

/// <summary>
/// The saga under any sequence of inputs, possible or not: replies that nobody asked for, in any order, any number of times,
/// among deadlines and people. The exploration knows what its partners do; here they do anything.
/// </summary>
public sealed class SagaPropertyTests : ISagaOutbox
{
    /// <summary>Every state that there is: status of the order, status of the saga, step.</summary>
    private static readonly HashSet<(OrderStatus, SagaStatus, StepName)> States =
    [
        (OrderStatus.Pending, SagaStatus.Running, StepName.ReserveStock),
        (OrderStatus.Pending, SagaStatus.Running, StepName.ProcessPayment),
        (OrderStatus.Confirmed, SagaStatus.Completed, StepName.Confirm),
        (OrderStatus.Confirmed, SagaStatus.Completed, StepName.Ship),
        (OrderStatus.Shipped, SagaStatus.Completed, StepName.Deliver),
        (OrderStatus.Delivered, SagaStatus.Completed, StepName.Deliver),
        (OrderStatus.Cancelled, SagaStatus.Cancelled, StepName.ReserveStock),
        (OrderStatus.Cancelled, SagaStatus.Cancelled, StepName.ProcessPayment),
        (OrderStatus.Cancelled, SagaStatus.Cancelled, StepName.Confirm),
        (OrderStatus.Cancelled, SagaStatus.Cancelled, StepName.Ship),
    ];

    private static readonly HashSet<(OrderStatus, OrderStatus)> Moves =
    [
        (OrderStatus.Pending, OrderStatus.Confirmed),
        (OrderStatus.Pending, OrderStatus.Cancelled),
        (OrderStatus.Confirmed, OrderStatus.Shipped),
        (OrderStatus.Confirmed, OrderStatus.Cancelled),
        (OrderStatus.Shipped, OrderStatus.Delivered),
    ];

    private readonly List<object> _sent = [];
    private readonly SagaEngine _engine;

    public SagaPropertyTests() =>
        _engine = new SagaEngine(
            OrderSaga.Definition,
            Options.Create(new SagaOptions()),
            new FakeTimeProvider(OrderBuilder.Now),
            this
        );

    [Property(MaxTest = 2000)]
    public void Whatever_comes_the_saga_stays_within_its_table(byte[] inputs)
    {
        _sent.Clear();
        var order = new OrderBuilder().Build();
        var saga = _engine.Start(order);
        foreach (var input in inputs)
        {
            var before = order.Status;
            Take(saga, input % 13);

            Assert.Contains((order.Status, saga.Status, saga.Step), States);
            Assert.True(
                before == order.Status || order.Status != OrderStatus.Shipped || order.RefundedAt is null,
                "The order was shipped after its refund."
            );
            Assert.True(
                before == order.Status || Moves.Contains((before, order.Status)),
                $"The order went from {before} to {order.Status}."
            );
            AssertTold(order);
        }

        Assert.All(saga.Entries, entry => Assert.EndsWith(".", entry.Text, StringComparison.Ordinal));
    }

    private void Take(SagaInstance saga, int input)
    {
        var id = saga.OrderId;
        switch (input)
        {
            case 0 or 1 or 2:
                _engine.HandleDeadline(saga, (StepName)input);
                break;
            case 3 when saga.Order.CanBeCancelled || saga.Status == SagaStatus.Cancelled:
                _engine.CancelByRequest(saga, Cancellation.ByCustomer);
                break;
            case 4 when saga.IsCompletedAt(StepName.Ship):
                _engine.Ship(saga, new Shipment(null, null));
                break;
            case 5 when saga.Order.Status == OrderStatus.Shipped:
                _engine.Deliver(saga);
                break;
            case >= 6:
                ISagaReply[] replies =
                [
                    new StockReserved(id),
                    new StockReservationFailed(id),
                    new StockReleased(id),
                    new StockCommitted(id),
                    new PaymentSucceeded(id),
                    new PaymentFailed(id),
                    new PaymentRefunded(id, saga.Order.Total, OrderBuilder.Now),
                ];
                _engine.Handle(saga, replies[input - 6]);
                break;
        }
    }

    /// <summary>What was sent fits the state, and every event was sent once.</summary>
    private void AssertTold(Order order)
    {
        Assert.Equal(order.ConfirmedAt is null ? 0 : 1, _sent.Count(message => message is OrderConfirmed));
        Assert.Equal(order.CancelledAt is null ? 0 : 1, _sent.Count(message => message is OrderCancelled));
        Assert.Equal(order.ShippedAt is null ? 0 : 1, _sent.Count(message => message is OrderShipped));
        Assert.Equal(order.DeliveredAt is null ? 0 : 1, _sent.Count(message => message is OrderDelivered));
        if (order.Status == OrderStatus.Cancelled && _sent.Any(message => message is ProcessPayment))
        {
            // A payment that was declined or went back already needs none; whatever else was asked for is asked back.
            Assert.True(
                order.CancellationReason is CancellationReason.PaymentDeclined or CancellationReason.PaymentRefunded
                    || _sent.Any(message => message is RefundPayment),
                "The order was cancelled and its payment not asked back."
            );
        }

        if (order.Status != OrderStatus.Cancelled)
        {
            Assert.DoesNotContain(_sent, message => message is ReleaseStock or RefundPayment);
        }
    }

    void ISagaOutbox.Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt) => _sent.Add(message!);
}
