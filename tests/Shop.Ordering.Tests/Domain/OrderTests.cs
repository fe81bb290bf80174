using Shop.Ordering.Domain;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Domain;

public sealed class OrderTests
{
    private readonly Order _order = new OrderBuilder().Line(10m, 3, "Desk").Build();

    [Fact]
    public void A_pending_order_can_be_confirmed_and_then_taken_back()
    {
        _order.Confirm(OrderBuilder.Now);
        Assert.Equal(OrderStatus.Confirmed, _order.Status);

        _order.Cancel(Cancellation.ByCustomer, OrderBuilder.Now);
        Assert.Equal(OrderStatus.Cancelled, _order.Status);
    }

    [Fact]
    public void A_cancelled_order_stays_cancelled()
    {
        _order.Cancel(Cancellation.PaymentTimedOut, OrderBuilder.Now);

        var refused = Assert.Throws<InvalidOperationException>(() => _order.Confirm(OrderBuilder.Now));
        Assert.Contains("from Cancelled to Confirmed", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _order.Cancel(Cancellation.ByCustomer, OrderBuilder.Now));
        Assert.Equal(CancellationReason.PaymentTimedOut, _order.CancellationReason);
    }

    [Fact]
    public void A_confirmed_order_is_not_confirmed_again()
    {
        _order.Confirm(OrderBuilder.Now);

        Assert.Throws<InvalidOperationException>(() => _order.Confirm(OrderBuilder.Now));
    }

    [Fact]
    public void What_was_shipped_cannot_be_cancelled_or_shipped_again()
    {
        _order.Confirm(OrderBuilder.Now);
        _order.Ship(new Shipment("DHL", "JD014600003RU"), OrderBuilder.Now);

        var refused = Assert.Throws<InvalidOperationException>(() =>
            _order.Cancel(Cancellation.ByCustomer, OrderBuilder.Now)
        );
        Assert.Contains("from Shipped to Cancelled", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _order.Ship(new Shipment(null, null), OrderBuilder.Now));
        Assert.Equal(("DHL", "JD014600003RU"), (_order.Carrier, _order.TrackingNumber));
    }

    [Fact]
    public void Only_what_was_shipped_is_delivered()
    {
        Assert.Throws<InvalidOperationException>(() => _order.Deliver(OrderBuilder.Now));
        Assert.Throws<InvalidOperationException>(() => _order.Ship(new Shipment(null, null), OrderBuilder.Now));
        _order.Confirm(OrderBuilder.Now);
        Assert.Throws<InvalidOperationException>(() => _order.Deliver(OrderBuilder.Now));
        _order.Ship(new Shipment(null, null), OrderBuilder.Now);
        _order.Deliver(OrderBuilder.Now.AddDays(2));

        Assert.Equal(OrderStatus.Delivered, _order.Status);
        Assert.Equal(OrderBuilder.Now.AddDays(2), _order.DeliveredAt);
        Assert.Throws<InvalidOperationException>(() => _order.Deliver(OrderBuilder.Now));
        Assert.Throws<InvalidOperationException>(() => _order.Cancel(Cancellation.ByCustomer, OrderBuilder.Now));
    }

    [Theory]
    [InlineData(0, "Desk is out of stock.")]
    [InlineData(2, "Desk: 3 ordered, 2 available.")]
    public void Out_of_stock_says_what_is_available(int available, string detail)
    {
        var shortage = new Shortage(_order.Items[0].ProductId, 3, available);

        var cancellation = Cancellation.OutOfStock(_order, [shortage]);

        Assert.Equal(detail, cancellation.Detail);
        Assert.Equal([shortage], cancellation.Shortages);
    }

    [Fact]
    public void A_text_of_another_service_is_cut_to_what_the_database_takes() =>
        Assert.Equal(
            Cancellation.MaxDetailLength,
            Cancellation.PaymentDeclined("code", new string('x', 5000)).Detail.Length
        );
}
