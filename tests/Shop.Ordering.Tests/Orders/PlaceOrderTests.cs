using System.Net;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

[Collection<OrderingService>]
public sealed class PlaceOrderTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;
    private readonly HttpClient _client = fixture.App.ClientOf(Guid.CreateVersion7());

    [Fact]
    public async Task An_order_is_answered_with_its_prices_and_its_address()
    {
        var desk = _app.Catalog.Add(120m, "Desk");
        var lamp = _app.Catalog.Add(15.5m);

        var response = await _client.PlaceAsync(Requests.Order((desk, 1), (lamp, 2)));
        var order = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/orders/{order.Text("id")}", response.Headers.Location?.ToString());
        Assert.Equal("Pending", order.Text("status"));
        Assert.Equal("USD", order.Text("currency"));
        Assert.Equal(151m, order.GetProperty("subtotal").GetDecimal());
        Assert.Equal(15.10m, order.GetProperty("discount").GetDecimal());
        Assert.Equal(9.85m, order.GetProperty("tax").GetDecimal());
        Assert.Equal(145.75m, order.GetProperty("total").GetDecimal());
        Assert.Equal("US-CA", order.GetProperty("shippingAddress").Text("region"));
        var second = order.GetProperty("items")[1];
        Assert.Equal((lamp.ToString(), "Lamp"), (second.Text("productId"), second.Text("name")));
        Assert.Equal(15.5m, second.GetProperty("unitPrice").GetDecimal());
        Assert.Equal(2, second.GetProperty("quantity").GetInt32());
        Assert.Equal(31m, second.GetProperty("lineTotal").GetDecimal());
    }

    [Fact]
    public async Task An_order_its_event_its_first_command_and_its_deadline_are_one_transaction()
    {
        var product = _app.Catalog.Add(10m);

        var id = await _client.PlaceOkAsync(Requests.Order((product, 3)));

        var sent = await _app.SentAsync(id);
        Assert.Equal(
            ["shop.ordering.order-created.v1", "shop.inventory.reserve-stock.v1", "shop.ordering.step-deadline.v1"],
            sent.Select(message => message.Type)
        );
        Assert.Equal("US-CA", sent[0].Body.Text("region"));
        Assert.Equal(3, sent[1].Body.GetProperty("items")[0].GetProperty("quantity").GetInt32());
        Assert.Equal("ReserveStock", sent[2].Body.Text("step"));
    }

    [Fact]
    public async Task Twenty_lines_are_one_call_to_Catalog()
    {
        var lines = Enumerable.Range(0, 20).Select(_ => (_app.Catalog.Add(1m), 1)).ToArray();
        var before = _app.Catalog.Calls;

        await _client.PlaceOkAsync(Requests.Order(lines));

        Assert.Equal(before + 1, _app.Catalog.Calls);
    }

    [Fact]
    public async Task An_unknown_product_is_refused_by_its_line()
    {
        var known = _app.Catalog.Add(1m);

        var response = await _client.PlaceAsync(Requests.Order((known, 1), (Guid.CreateVersion7(), 1)));
        var problem = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.EndsWith("/unknown-product", problem.Text("type"), StringComparison.Ordinal);
        Assert.True(problem.GetProperty("errors").TryGetProperty("items[1].productId", out _));
    }

    [Fact]
    public async Task Products_of_two_currencies_are_refused()
    {
        var response = await _client.PlaceAsync(
            Requests.Order((_app.Catalog.Add(1m), 1), (_app.Catalog.Add(1m, currency: "EUR"), 1))
        );

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task An_order_that_no_payment_could_carry_is_refused()
    {
        var response = await _client.PlaceAsync(Requests.Order((_app.Catalog.Add(200_000m), 501)));
        var problem = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.EndsWith("/order-too-large", problem.Text("type"), StringComparison.Ordinal);
    }
}
