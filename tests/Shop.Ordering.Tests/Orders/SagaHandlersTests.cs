using System.Net;
using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

/// <summary>The saga through its handlers, its tables and the API.</summary>
[Collection<OrderingService>]
public sealed class SagaHandlersTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;
    private readonly HttpClient _client = fixture.App.ClientOf(Guid.CreateVersion7());

    [Fact]
    public async Task A_paid_order_is_confirmed_and_its_timeline_can_be_read()
    {
        var id = await PlaceAsync();

        await _app.ReceiveAsync(new StockReserved(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));

        Assert.Equal("Confirmed", (await _client.GetJsonAsync($"/api/orders/{id}")).Text("status"));
        Assert.Equal(
            [
                "shop.payments.process-payment.v1",
                "shop.ordering.step-deadline.v1",
                "shop.ordering.order-confirmed.v1",
                "shop.inventory.commit-stock.v1",
            ],
            (await _app.SentAsync(id)).Skip(3).Select(message => message.Type)
        );
        var timeline = await _client.GetJsonAsync($"/api/orders/{id}/timeline");
        Assert.Equal(
            ["Started", "Requested", "Succeeded", "Requested", "Succeeded", "Confirmed"],
            timeline.GetProperty("items").EnumerateArray().Select(entry => entry.Text("kind"))
        );
    }

    [Fact]
    public async Task A_payment_deadline_cancels_refunds_and_releases()
    {
        var id = await PlaceAsync();
        await _app.ReceiveAsync(new StockReserved(id));

        await _app.ReceiveAsync(new StepDeadline(id, "ProcessPayment"));

        var order = await _client.GetJsonAsync($"/api/orders/{id}");
        Assert.Equal("PaymentTimedOut", order.Text("cancellationReason"));
        Assert.Equal(
            ["shop.ordering.order-cancelled.v1", "shop.payments.refund-payment.v1", "shop.inventory.release-stock.v1"],
            (await _app.SentAsync(id)).Skip(5).Select(message => message.Type)
        );
    }

    [Fact]
    public async Task The_owner_can_cancel_a_confirmed_order_and_again_without_effect()
    {
        var id = await PlaceAsync();
        await _app.ReceiveAsync(new StockReserved(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));

        var first = await CancelAsync(_client, id);
        var sent = await _app.SentAsync(id);
        var second = await CancelAsync(_client, id);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("CancelledByCustomer", (await first.JsonAsync()).Text("cancellationReason"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Contains("shop.payments.refund-payment.v1", sent.Select(message => message.Type));
        Assert.Contains("shop.inventory.release-stock.v1", sent.Select(message => message.Type));
        Assert.Equal(sent.Count, (await _app.SentAsync(id)).Count);
    }

    [Fact]
    public async Task A_stranger_cannot_cancel()
    {
        var id = await PlaceAsync();

        var response = await CancelAsync(_app.ClientOf(Guid.CreateVersion7()), id);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("Pending", (await _client.GetJsonAsync($"/api/orders/{id}")).Text("status"));
    }

    [Fact]
    public async Task Of_a_cancellation_and_a_payment_at_the_same_moment_one_sees_the_other()
    {
        var id = await PlaceAsync();
        await _app.ReceiveAsync(new StockReserved(id));

        await Task.WhenAll(CancelAsync(_client, id), PayAsync(id));

        Assert.Equal("Cancelled", (await _client.GetJsonAsync($"/api/orders/{id}")).Text("status"));
        var types = (await _app.SentAsync(id)).Select(message => message.Type).ToList();
        Assert.Contains("shop.payments.refund-payment.v1", types);
        Assert.Contains("shop.inventory.release-stock.v1", types);
        Assert.Single(types, "shop.ordering.order-cancelled.v1");
    }

    [Fact]
    public async Task A_handler_that_worked_on_an_outdated_saga_is_refused_by_the_database()
    {
        var id = await PlaceAsync();

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() =>
            _app.InDatabaseAsync(async db =>
            {
                var saga = await db.Sagas.SingleAsync(s => s.OrderId == id);
                saga.Enter(Ordering.Saga.StepName.Confirm, null);
                await _app.ReceiveAsync(new StockReserved(id));
                await db.SaveChangesAsync();
            })
        );
    }

    [Fact]
    public async Task A_reply_about_an_order_that_never_was_is_rejected() =>
        await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.ReceiveAsync(new StockReserved(Guid.CreateVersion7()))
        );

    private Task<Guid> PlaceAsync() => _client.PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private async Task PayAsync(Guid id)
    {
        // The dispatcher retries a conflict; so does this.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                await _app.ReceiveAsync(new PaymentSucceeded(id));
                return;
            }
            catch (DbUpdateConcurrencyException) { }
        }

        Assert.Fail("The payment met a conflict five times.");
    }

    private static Task<HttpResponseMessage> CancelAsync(HttpClient client, Guid id) =>
        client.PostAsync(
            new Uri($"/api/orders/{id}/cancel", UriKind.Relative),
            content: null,
            TestContext.Current.CancellationToken
        );
}
