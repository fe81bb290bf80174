using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Saga;

public sealed class SagaEngineTests
{
    private readonly List<(object Message, DateTimeOffset? At)> _sent = [];
    private readonly Order _order = new OrderBuilder().Line(60m, 2, "Desk").Build();
    private readonly SagaEngine _engine;
    private readonly SagaInstance _saga;

    public SagaEngineTests()
    {
        var options = new SagaOptions
        {
            StockDeadline = TimeSpan.FromSeconds(7),
            PaymentDeadline = TimeSpan.FromSeconds(9),
        };
        _engine = new SagaEngine(
            OrderSaga.Definition,
            Options.Create(options),
            new FakeTimeProvider(OrderBuilder.Now),
            new Recorder(_sent)
        );
        _saga = _engine.Start(_order);
    }

    [Fact]
    public void A_new_order_is_announced_and_its_stock_asked_for_with_a_deadline()
    {
        var created = Assert.IsType<OrderCreated>(_sent[0].Message);
        Assert.Equal((120m, 12m, 108m), (created.Subtotal, created.Discount, created.Total));
        var reserve = Assert.IsType<ReserveStock>(_sent[1].Message);
        Assert.Equal([new StockLine(_order.Items[0].ProductId, 2)], reserve.Items);
        Assert.Equal((new StepDeadline(_order.Id, "ReserveStock"), OrderBuilder.Now.AddSeconds(7)), _sent[2]);
    }

    [Fact]
    public void Reserved_stock_leads_to_the_payment_of_the_total_with_a_deadline()
    {
        var sent = After(() => Handle(new StockReserved(_order.Id)));

        Assert.Equal(
            [
                new ProcessPayment(_order.Id, _order.UserId, 108m, "USD", "pm_card_visa"),
                new StepDeadline(_order.Id, "ProcessPayment"),
            ],
            sent
        );
        Assert.Equal(OrderBuilder.Now.AddSeconds(9), _sent[^1].At);
    }

    [Fact]
    public void A_payment_confirms_the_order_and_commits_the_stock()
    {
        Handle(new StockReserved(_order.Id));

        var sent = After(() => Handle(new PaymentSucceeded(_order.Id)));

        Assert.Equal(OrderStatus.Confirmed, _order.Status);
        var confirmed = Assert.IsType<OrderConfirmed>(sent[0]);
        Assert.Equal((_order.Id, _order.UserId), (confirmed.OrderId, confirmed.UserId));
        Assert.Equal((120m, 12m, 0m, 108m), (confirmed.Subtotal, confirmed.Discount, confirmed.Tax, confirmed.Total));
        Assert.Equal([new OrderConfirmedItem(_order.Items[0].ProductId, "Desk", 60m, 2, 120m)], confirmed.Items);
        Assert.Equal(("US-OR", "97301"), (confirmed.ShippingAddress.Region, confirmed.ShippingAddress.PostalCode));
        Assert.Equal(OrderBuilder.Now, confirmed.ConfirmedAt);
        Assert.Equal([new CommitStock(_order.Id)], sent.Skip(1));
    }

    [Fact]
    public void Out_of_stock_cancels_and_says_what_is_available()
    {
        var shortage = new StockShortage(_order.Items[0].ProductId, 2, 1);

        var sent = After(() => Handle(new StockReservationFailed(_order.Id, [shortage])));

        AssertCancelled(CancellationReason.OutOfStock);
        Assert.Equal("Desk: 2 ordered, 1 available.", _order.CancellationDetail);
        Assert.Equal([new Shortage(shortage.ProductId, 2, 1)], _order.Shortages);
        Assert.IsType<OrderCancelled>(Assert.Single(sent));
    }

    [Fact]
    public void Payment_declined_releases_stock_and_cancels()
    {
        Handle(new StockReserved(_order.Id));

        var sent = After(() => Handle(new PaymentFailed(_order.Id, "card_declined", "Your card was declined.")));

        AssertCancelled(CancellationReason.PaymentDeclined);
        Assert.Contains("Your card was declined.", _order.CancellationDetail!, StringComparison.Ordinal);
        Assert.Equal(
            [
                new OrderCancelled(
                    _order.Id,
                    _order.UserId,
                    "PaymentDeclined",
                    _order.CancellationDetail!,
                    WasConfirmed: false,
                    OrderBuilder.Now
                ),
                new ReleaseStock(_order.Id, "PaymentDeclined"),
            ],
            sent
        );
    }

    [Fact]
    public void A_payment_that_never_answers_is_cancelled_at_its_deadline_with_stock_released()
    {
        Handle(new StockReserved(_order.Id));

        var sent = After(() => _engine.HandleDeadline(_saga, StepName.ProcessPayment));

        AssertCancelled(CancellationReason.PaymentTimedOut);
        Assert.Equal(
            [new RefundPayment(_order.Id, "PaymentTimedOut"), new ReleaseStock(_order.Id, "PaymentTimedOut")],
            sent.Skip(1)
        );
    }

    [Fact]
    public void Stock_that_never_answers_is_cancelled_at_its_deadline_and_released_in_case()
    {
        var sent = After(() => _engine.HandleDeadline(_saga, StepName.ReserveStock));

        AssertCancelled(CancellationReason.StockTimedOut);
        Assert.Equal([new ReleaseStock(_order.Id, "StockTimedOut")], sent.Skip(1));
    }

    [Fact]
    public void A_deadline_after_its_step_changes_nothing()
    {
        Handle(new StockReserved(_order.Id));

        Assert.Empty(After(() => _engine.HandleDeadline(_saga, StepName.ReserveStock)));
        Assert.Equal(OrderStatus.Pending, _order.Status);
    }

    [Fact]
    public void A_payment_that_comes_after_the_cancellation_is_refunded_each_time()
    {
        Handle(new StockReserved(_order.Id));
        _engine.HandleDeadline(_saga, StepName.ProcessPayment);

        object[] refund = [new RefundPayment(_order.Id, "PaymentTimedOut")];
        Assert.Equal(refund, After(() => Handle(new PaymentSucceeded(_order.Id))));
        Assert.Equal(refund, After(() => Handle(new PaymentSucceeded(_order.Id))));
        AssertCancelled(CancellationReason.PaymentTimedOut);
    }

    [Fact]
    public void Stock_that_is_reserved_after_the_cancellation_is_released()
    {
        _engine.CancelByRequest(_saga, Cancellation.ByCustomer);

        Assert.Equal(
            [new ReleaseStock(_order.Id, "CancelledByCustomer")],
            After(() => Handle(new StockReserved(_order.Id)))
        );
    }

    [Fact]
    public void A_confirmed_order_that_is_taken_back_is_refunded_and_its_stock_released()
    {
        Handle(new StockReserved(_order.Id));
        Handle(new PaymentSucceeded(_order.Id));

        var sent = After(() => _engine.CancelByRequest(_saga, Cancellation.ByCustomer));

        AssertCancelled(CancellationReason.CancelledByCustomer);
        Assert.True(Assert.IsType<OrderCancelled>(sent[0]).WasConfirmed);
        Assert.Equal(
            [new RefundPayment(_order.Id, "CancelledByCustomer"), new ReleaseStock(_order.Id, "CancelledByCustomer")],
            sent.Skip(1)
        );
    }

    [Fact]
    public void Cancelling_twice_does_it_once()
    {
        _engine.CancelByRequest(_saga, Cancellation.ByCustomer);

        Assert.Empty(After(() => _engine.CancelByRequest(_saga, Cancellation.ByCustomer)));
    }

    [Fact]
    public void Shipping_and_delivery_are_told_once_each()
    {
        Handle(new StockReserved(_order.Id));
        Handle(new PaymentSucceeded(_order.Id));
        Handle(new StockCommitted(_order.Id));

        Assert.Equal(
            [new OrderShipped(_order.Id, _order.UserId, "DHL", "JD0146", OrderBuilder.Now)],
            After(() => _engine.Ship(_saga, new Shipment("DHL", "JD0146")))
        );
        Assert.Equal(
            [new OrderDelivered(_order.Id, _order.UserId, OrderBuilder.Now)],
            After(() => _engine.Deliver(_saga))
        );
        Assert.Equal(
            [
                "An operator shipped the order with DHL, tracking number JD0146.",
                "An operator noted that the order was delivered.",
            ],
            _saga.Entries.TakeLast(2).Select(entry => entry.Text)
        );
    }

    [Fact]
    public void Inventory_cannot_take_back_what_was_shipped()
    {
        Handle(new StockReserved(_order.Id));
        Handle(new PaymentSucceeded(_order.Id));
        Handle(new StockCommitted(_order.Id));
        _engine.Ship(_saga, new Shipment(null, null));

        Assert.Empty(After(() => Handle(new StockReservationFailed(_order.Id, []))));
        Assert.Equal(OrderStatus.Shipped, _order.Status);
    }

    [Theory]
    [InlineData(0, 49.90)]
    [InlineData(1, 0)]
    [InlineData(1, 49.90)]
    [InlineData(2, 108)]
    [InlineData(3, 108)]
    public void A_refund_that_nobody_asked_for_cancels_what_was_not_shipped_and_releases_its_stock_once(
        int replies,
        double amount
    )
    {
        Reach(replies);

        var sent = After(() => Handle(Refunded((decimal)amount)));
        var again = After(() => Handle(Refunded((decimal)amount)));

        AssertCancelled(CancellationReason.PaymentRefunded);
        Assert.Equal([typeof(OrderCancelled), typeof(ReleaseStock)], sent.Select(message => message.GetType()));
        Assert.Empty(again);
        Assert.Equal(amount == 0 ? null : (decimal)amount, _order.RefundedAmount);
        Assert.Equal(amount == 0 ? null : OrderBuilder.Now, _order.RefundedAt);
    }

    [Fact]
    public void A_payment_that_is_told_of_after_its_refund_confirms_nothing_and_is_asked_back()
    {
        Reach(1);
        Handle(Refunded(108m));

        Assert.Equal(
            [new RefundPayment(_order.Id, "PaymentRefunded")],
            After(() => Handle(new PaymentSucceeded(_order.Id)))
        );
        AssertCancelled(CancellationReason.PaymentRefunded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refund_of_what_was_shipped_is_noted_once_and_changes_nothing_else(bool deliver)
    {
        Reach(3);
        _engine.Ship(_saga, new Shipment(null, null));
        if (deliver)
        {
            _engine.Deliver(_saga);
        }

        Assert.Empty(
            After(() =>
            {
                Handle(Refunded(108m));
                Handle(Refunded(7m));
                Handle(Refunded(0m));
            })
        );

        var status = deliver ? OrderStatus.Delivered : OrderStatus.Shipped;
        Assert.Equal((status, 108m, OrderBuilder.Now), (_order.Status, _order.RefundedAmount, _order.RefundedAt));
        Assert.Equal(
            "Payments refunded 108.00 USD to the customer.",
            Assert.Single(_saga.Entries, entry => entry.Kind == SagaEntryKind.Refunded).Text
        );
        Assert.Equal(2, _saga.Entries.Count(entry => entry.Kind == SagaEntryKind.Ignored));
    }

    [Fact]
    public void A_refund_after_a_cancellation_is_shown_in_the_order_and_in_its_timeline()
    {
        Reach(3);
        _engine.CancelByRequest(_saga, Cancellation.ByCustomer);

        Handle(Refunded(108m));

        AssertCancelled(CancellationReason.CancelledByCustomer);
        Assert.Equal((108m, OrderBuilder.Now), (_order.RefundedAmount, _order.RefundedAt));
        Assert.Equal(
            (SagaEntryKind.Compensated, "Payments refunded 108.00 USD to the customer."),
            (_saga.Entries[^1].Kind, _saga.Entries[^1].Text)
        );
    }

    [Theory]
    [InlineData(0, "The order was cancelled at the customer's request, while its stock was being reserved.")]
    [InlineData(1, "The order was cancelled at the customer's request, while its payment was being made.")]
    [InlineData(2, "The order was cancelled at the customer's request, after it had been confirmed.")]
    [InlineData(
        3,
        "The order was cancelled at the customer's request, after it had been confirmed and before it was shipped."
    )]
    public void The_timeline_tells_when_and_why_the_order_was_cancelled(int replies, string text)
    {
        Reach(replies);

        _engine.CancelByRequest(_saga, Cancellation.ByCustomer);

        Assert.Contains(text, _saga.Entries.Select(entry => entry.Text));
    }

    [Fact]
    public void The_timeline_tells_what_was_done_in_its_order()
    {
        Handle(new StockReserved(_order.Id));
        Handle(new PaymentSucceeded(_order.Id));
        Handle(new StockCommitted(_order.Id));

        Assert.Equal(
            [
                "The order was placed.",
                "Asked Inventory to reserve the stock.",
                "Inventory reserved the stock.",
                "Asked Payments to charge the payment method.",
                "The payment was made.",
                "Confirmed the order and asked Inventory to commit the stock.",
                "Inventory committed the stock.",
            ],
            _saga.Entries.Select(entry => entry.Text)
        );
    }

    private void Handle(ISagaReply reply) => _engine.Handle(_saga, reply);

    /// <summary>Hands the saga the first so many of the replies that it wants.</summary>
    private void Reach(int replies)
    {
        ISagaReply[] all =
        [
            new StockReserved(_order.Id),
            new PaymentSucceeded(_order.Id),
            new StockCommitted(_order.Id),
        ];
        foreach (var reply in all.Take(replies))
        {
            Handle(reply);
        }
    }

    private PaymentRefunded Refunded(decimal amount) => new(_order.Id, amount, OrderBuilder.Now);

    private List<object> After(Action act)
    {
        var before = _sent.Count;
        act();
        return [.. _sent.Skip(before).Select(sent => sent.Message)];
    }

    private void AssertCancelled(CancellationReason reason)
    {
        Assert.Equal(OrderStatus.Cancelled, _order.Status);
        Assert.Equal(reason, _order.CancellationReason);
    }

    private sealed class Recorder(List<(object, DateTimeOffset?)> sent) : ISagaOutbox
    {
        public void Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt = null) =>
            sent.Add((message!, deliverAt));
    }
}
