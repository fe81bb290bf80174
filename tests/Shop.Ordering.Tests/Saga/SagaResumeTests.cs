using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Saga;

/// <summary>An operator has a question asked again whose answer never came.</summary>
public sealed class SagaResumeTests
{
    private readonly Outbox _outbox = new();
    private readonly FakeTimeProvider _time = new(OrderBuilder.Now);
    private readonly Order _order = new OrderBuilder().Line(60m, 2, "Desk").Build();
    private readonly SagaEngine _engine;
    private readonly SagaInstance _saga;

    public SagaResumeTests()
    {
        _engine = new SagaEngine(OrderSaga.Definition, Options.Create(new SagaOptions()), _time, _outbox);
        _saga = _engine.Start(_order);
    }

    [Fact]
    public void The_command_of_the_step_is_sent_again_with_another_deadline()
    {
        _engine.Handle(_saga, new StockReserved(_order.Id));
        _time.Advance(TimeSpan.FromHours(1));
        _outbox.Sent.Clear();

        Assert.True(_engine.Resume(_saga));

        var deadline = OrderBuilder.Now + TimeSpan.FromHours(1) + new SagaOptions().PaymentDeadline;
        Assert.Equal(
            [
                (new ProcessPayment(_order.Id, _order.UserId, 108m, "USD", "pm_card_visa"), null),
                (new StepDeadline(_order.Id, "ProcessPayment"), deadline),
            ],
            _outbox.Sent
        );
        Assert.Equal(deadline, _saga.Deadline);
        Assert.StartsWith("An operator had it asked again.", _saga.Entries[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_confirmed_order_whose_stock_was_never_committed_has_that_asked_again_and_nothing_announced_again()
    {
        _engine.Handle(_saga, new StockReserved(_order.Id));
        _engine.Handle(_saga, new PaymentSucceeded(_order.Id));
        _outbox.Sent.Clear();

        Assert.True(_engine.Resume(_saga));

        Assert.Equal([(new CommitStock(_order.Id), null)], _outbox.Sent);
        Assert.Equal(OrderStatus.Confirmed, _order.Status);
    }

    [Fact]
    public void A_saga_that_waits_for_no_answer_is_left_alone()
    {
        _engine.Handle(_saga, new StockReserved(_order.Id));
        _engine.Handle(_saga, new PaymentSucceeded(_order.Id));
        _engine.Handle(_saga, new StockCommitted(_order.Id));
        _outbox.Sent.Clear();

        Assert.False(_engine.Resume(_saga)); // waits for an operator

        _engine.CancelByRequest(_saga, Cancellation.ByCustomer);
        _outbox.Sent.Clear();

        Assert.False(_engine.Resume(_saga));
        Assert.Empty(_outbox.Sent);
    }

    private sealed class Outbox : ISagaOutbox
    {
        public List<(object Message, DateTimeOffset? At)> Sent { get; } = [];

        public void Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt = null) =>
            Sent.Add((message!, deliverAt));
    }
}
