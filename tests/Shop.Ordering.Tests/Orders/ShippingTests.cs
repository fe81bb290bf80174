using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

[Collection<OrderingService>]
public sealed class ShippingTests(OrderingFixture fixture)
{
    private static readonly DateTimeOffset RefundedAt = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OrderingApp _app = fixture.App;
    private readonly HttpClient _customer = fixture.App.ClientOf(Guid.CreateVersion7());
    private readonly HttpClient _operator = fixture.App.ClientOf(Guid.CreateVersion7(), "operator");

    [Fact]
    public async Task An_operator_ships_and_delivers_and_the_customer_sees_it()
    {
        var id = await PlaceAsync(3);

        var shipped = await PostAsync(_operator, id, "ship", new { carrier = "DHL", trackingNumber = "JD014600003RU" });
        var delivered = await PostAsync(_operator, id, "deliver");

        Assert.Equal(HttpStatusCode.OK, shipped.StatusCode);
        Assert.Equal(HttpStatusCode.OK, delivered.StatusCode);
        var order = await _customer.GetJsonAsync($"/api/orders/{id}");
        Assert.Equal("Delivered", order.Text("status"));
        Assert.Equal(("DHL", "JD014600003RU"), (order.Text("carrier"), order.Text("trackingNumber")));
        Assert.True(
            order.GetProperty("deliveredAt").GetDateTimeOffset() >= order.GetProperty("shippedAt").GetDateTimeOffset()
        );
        Assert.Equal(
            ["shop.ordering.order-shipped.v1", "shop.ordering.order-delivered.v1"],
            (await _app.SentAsync(id)).TakeLast(2).Select(message => message.Type)
        );
        var timeline = await _customer.GetJsonAsync($"/api/orders/{id}/timeline");
        Assert.Equal(
            ["Shipped", "Delivered"],
            timeline.GetProperty("items").EnumerateArray().TakeLast(2).Select(entry => entry.Text("kind"))
        );
    }

    [Fact]
    public async Task Shipping_twice_gives_the_same_answer_and_ships_once()
    {
        var id = await PlaceAsync(3);

        var first = await PostAsync(_operator, id, "ship", new { carrier = "DHL" });
        var again = await PostAsync(_operator, id, "ship", new { carrier = "DHL" });
        var without = await PostAsync(_operator, id, "ship");
        var other = await PostAsync(_operator, id, "ship", new { carrier = "UPS" });

        var body = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(body, await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(body, await without.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.EndsWith("/order-already-shipped", (await other.JsonAsync()).Text("type"), StringComparison.Ordinal);
        Assert.Single(await _app.SentAsync(id), message => message.Type == "shop.ordering.order-shipped.v1");
    }

    [Theory]
    [InlineData(0, "Pending")]
    [InlineData(1, "Pending")]
    [InlineData(2, "Inventory has not taken its stock out yet")]
    public async Task What_is_not_confirmed_with_its_stock_out_cannot_be_shipped_and_the_answer_says_why(
        int replies,
        string why
    )
    {
        var id = await PlaceAsync(replies);

        var response = await PostAsync(_operator, id, "ship");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.EndsWith("/order-not-shippable", problem.Text("type"), StringComparison.Ordinal);
        Assert.Contains(why, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shipping_waits_a_moment_for_stock_that_is_just_being_taken_out()
    {
        var id = await PlaceAsync(2);

        var shipping = PostAsync(_operator, id, "ship");
        await _app.ReceiveAsync(new StockCommitted(id));

        Assert.Equal(HttpStatusCode.OK, (await shipping).StatusCode);
    }

    [Fact]
    public async Task A_cancelled_order_is_not_shipped_and_a_shipped_one_not_cancelled()
    {
        var cancelled = await PlaceAsync(3);
        var shipped = await PlaceAsync(3);
        await PostAsync(_customer, cancelled, "cancel");
        await PostAsync(_operator, shipped, "ship");

        var ship = await PostAsync(_operator, cancelled, "ship");
        var cancel = await PostAsync(_customer, shipped, "cancel");

        Assert.Equal(HttpStatusCode.Conflict, ship.StatusCode);
        Assert.Contains("CancelledByCustomer", (await ship.JsonAsync()).Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, cancel.StatusCode);
        Assert.EndsWith("/order-not-cancellable", (await cancel.JsonAsync()).Text("type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_cancellation_and_a_shipping_at_the_same_moment_exactly_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await PlaceAsync(3);

            var answers = await Task.WhenAll(PostAsync(_customer, id, "cancel"), PostAsync(_operator, id, "ship"));

            Assert.Equal(
                [HttpStatusCode.OK, HttpStatusCode.Conflict],
                answers.Select(answer => answer.StatusCode).Order()
            );
            var won = answers[0].StatusCode == HttpStatusCode.OK ? "Cancelled" : "Shipped";
            Assert.Equal(won, (await _customer.GetJsonAsync($"/api/orders/{id}")).Text("status"));
            var types = (await _app.SentAsync(id)).Select(message => message.Type).ToList();
            Assert.Equal(won == "Cancelled", types.Contains("shop.payments.refund-payment.v1"));
            Assert.Single(
                types,
                type => type is "shop.ordering.order-cancelled.v1" or "shop.ordering.order-shipped.v1"
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_order_whose_payment_was_refunded_is_not_shipped_and_the_answer_says_why(int replies)
    {
        var id = await PlaceAsync(replies);
        await _app.ReceiveAsync(Refunded(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));

        var response = await PostAsync(_operator, id, "ship");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.EndsWith("/order-not-shippable", problem.Text("type"), StringComparison.Ordinal);
        Assert.Contains("PaymentRefunded", problem.Text("detail"), StringComparison.Ordinal);
        var order = await _customer.GetJsonAsync($"/api/orders/{id}");
        Assert.Equal(("Cancelled", "PaymentRefunded"), (order.Text("status"), order.Text("cancellationReason")));
        Assert.Equal(10m, order.GetProperty("refundedAmount").GetDecimal());
        Assert.Equal(
            ["shop.inventory.release-stock.v1"],
            (await _app.SentAsync(id))
                .Select(message => message.Type)
                .Where(type => type.Contains("release", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refund_of_what_was_shipped_is_shown_and_the_order_stays(bool delivered)
    {
        var id = await PlaceAsync(3);
        await PostAsync(_operator, id, "ship");
        if (delivered)
        {
            await PostAsync(_operator, id, "deliver");
        }

        var before = await _customer.GetJsonAsync($"/api/orders/{id}");
        await _app.ReceiveAsync(Refunded(id));
        await _app.ReceiveAsync(Refunded(id));

        Assert.False(before.TryGetProperty("refundedAt", out _));
        var order = await _customer.GetJsonAsync($"/api/orders/{id}");
        Assert.Equal(delivered ? "Delivered" : "Shipped", order.Text("status"));
        Assert.Equal(10m, order.GetProperty("refundedAmount").GetDecimal());
        Assert.Equal(RefundedAt, order.GetProperty("refundedAt").GetDateTimeOffset());
        var timeline = await _customer.GetJsonAsync($"/api/orders/{id}/timeline");
        Assert.Single(
            timeline.GetProperty("items").EnumerateArray(),
            line => line.Text("text") == "Payments refunded 10.00 USD to the customer."
        );
        Assert.DoesNotContain(
            "shop.inventory.release-stock.v1",
            (await _app.SentAsync(id)).Select(message => message.Type)
        );
    }

    [Fact]
    public async Task Of_a_refund_that_is_told_and_a_shipping_at_the_same_moment_the_order_is_not_shipped_after_its_refund()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await PlaceAsync(3);

            var shipping = PostAsync(_operator, id, "ship");
            await HearOfRefundAsync(id);
            var shipped = (await shipping).StatusCode;

            var order = await _customer.GetJsonAsync($"/api/orders/{id}");
            Assert.Equal(shipped == HttpStatusCode.OK ? "Shipped" : "Cancelled", order.Text("status"));
            Assert.Equal(10m, order.GetProperty("refundedAmount").GetDecimal());
            var timeline = await _customer.GetJsonAsync($"/api/orders/{id}/timeline");
            var kinds = timeline.GetProperty("items").EnumerateArray().Select(line => line.Text("kind")).ToList();
            Assert.True(!kinds.Contains("Shipped") || kinds.IndexOf("Shipped") < kinds.IndexOf("Refunded"));
            Assert.Equal(
                shipped == HttpStatusCode.OK ? 0 : 1,
                (await _app.SentAsync(id)).Count(message => message.Type == "shop.inventory.release-stock.v1")
            );
        }
    }

    [Fact]
    public async Task Only_what_was_shipped_is_delivered_and_twice_is_once()
    {
        var id = await PlaceAsync(3);

        var early = await PostAsync(_operator, id, "deliver");
        await PostAsync(_operator, id, "ship");
        var first = await PostAsync(_operator, id, "deliver");
        var again = await PostAsync(_operator, id, "deliver");

        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.EndsWith("/order-not-deliverable", (await early.JsonAsync()).Text("type"), StringComparison.Ordinal);
        Assert.Equal(
            await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        Assert.Single(await _app.SentAsync(id), message => message.Type == "shop.ordering.order-delivered.v1");
    }

    [Theory]
    [InlineData("ship")]
    [InlineData("deliver")]
    public async Task A_customer_neither_ships_nor_delivers(string what)
    {
        var id = await PlaceAsync(3);

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(_customer, id, what)).StatusCode);
        Assert.Equal("Confirmed", (await _customer.GetJsonAsync($"/api/orders/{id}")).Text("status"));
    }

    [Theory]
    [InlineData("carrier", "")]
    [InlineData("carrier", "a\tb")]
    [InlineData("carrier", "4242 4242 4242 4242")]
    [InlineData("trackingNumber", "123456789012345678901234567890123456789012345678901")]
    [InlineData("trackingNumber", "4242424242424242")]
    [InlineData("trackingNo", "1")]
    public async Task A_bad_parcel_is_refused_by_its_field(string field, string value)
    {
        var id = await PlaceAsync(3);

        var response = await PostAsync(_operator, id, "ship", new Dictionary<string, string> { [field] = value });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(field, text, StringComparison.Ordinal);
        Assert.DoesNotContain("4242", text, StringComparison.Ordinal);
        Assert.Equal("Confirmed", (await _customer.GetJsonAsync($"/api/orders/{id}")).Text("status"));
    }

    [Fact]
    public async Task An_order_that_never_was_cannot_be_shipped() =>
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(_operator, Guid.CreateVersion7(), "ship")).StatusCode);

    /// <summary>An order whose saga got the first so many of stock-reserved, payment-succeeded, stock-committed.</summary>
    private async Task<Guid> PlaceAsync(int replies)
    {
        var id = await _customer.PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));
        if (replies > 0)
        {
            await _app.ReceiveAsync(new StockReserved(id));
        }

        if (replies > 1)
        {
            await _app.ReceiveAsync(new PaymentSucceeded(id));
        }

        if (replies > 2)
        {
            await _app.ReceiveAsync(new StockCommitted(id));
        }

        return id;
    }

    private static PaymentRefunded Refunded(Guid id) => new(id, 10m, RefundedAt);

    private async Task HearOfRefundAsync(Guid id)
    {
        // The dispatcher retries a conflict; so does this.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                await _app.ReceiveAsync(Refunded(id));
                return;
            }
            catch (DbUpdateConcurrencyException) { }
        }

        Assert.Fail("The refund met a conflict five times.");
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Guid id, string what, object? body = null) =>
        client.PostAsync(
            new Uri($"/api/orders/{id}/{what}", UriKind.Relative),
            body is null ? null : JsonContent.Create(body),
            TestContext.Current.CancellationToken
        );
}
