using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd;

public sealed class OrderSagaTests(RunningShop shop)
{
    private readonly ShopClient _client = shop.Client;

    [Fact]
    public async Task An_order_is_priced_by_the_catalogue_taxed_by_region_and_confirmed()
    {
        var notebook = Products.Number(0x35); // 14.90
        var before = await _client.AvailableAsync(notebook);

        using var response = await _client.PostOrderAsync(ShopClient.OrderBody(notebook, 10));
        var order = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var id = order["id"]!.GetValue<string>();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.EndsWith($"/api/orders/{id}", response.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal("Pending", order["status"]!.GetValue<string>());
        Assert.Equal(149.00m, order["subtotal"]!.GetValue<decimal>());
        Assert.Equal(14.90m, order["discount"]!.GetValue<decimal>());
        Assert.Equal(9.72m, order["tax"]!.GetValue<decimal>()); // 7.25 % of 134.10
        Assert.Equal(143.82m, order["total"]!.GetValue<decimal>());
        Assert.Equal("USD", order["currency"]!.GetValue<string>());
        Assert.Equal("Confirmed", (await _client.WaitForEndAsync(id)).GetProperty("status").GetString());
        await _client.WaitForAvailableAsync(notebook, before - 10);
        var payment = Assert.Single(await PaymentsOfAsync(id));
        Assert.Equal("Succeeded", payment.GetProperty("status").GetString());
        Assert.Equal(143.82m, payment.GetProperty("amount").GetDecimal());
    }

    [Fact]
    public async Task Payment_declined_releases_stock_and_cancels()
    {
        var kettle = Products.Number(0x24);
        var before = await _client.AvailableAsync(kettle);

        var order = await _client.WaitForEndAsync(await _client.OrderAsync(kettle, 3, "pm_card_chargeDeclined"));

        Assert.Equal("Cancelled", order.GetProperty("status").GetString());
        Assert.Equal("PaymentDeclined", order.GetProperty("cancellationReason").GetString());
        await _client.WaitForAvailableAsync(kettle, before);
    }

    [Fact]
    public async Task Out_of_stock_cancels_and_says_what_is_available()
    {
        var camera = Products.Number(0x21); // the only one

        var order = await _client.WaitForEndAsync(await _client.OrderAsync(camera, 2));

        Assert.Equal("Cancelled", order.GetProperty("status").GetString());
        Assert.Equal("OutOfStock", order.GetProperty("cancellationReason").GetString());
        var shortage = Assert.Single(order.GetProperty("shortages").EnumerateArray().ToList());
        Assert.Equal(camera, shortage.GetProperty("productId").GetString());
        Assert.Equal(2, shortage.GetProperty("requested").GetInt32());
        Assert.Equal(1, shortage.GetProperty("available").GetInt32());
        Assert.Equal(1, await _client.AvailableAsync(camera));
        Assert.Empty(await PaymentsOfAsync(order.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task A_confirmed_order_that_is_cancelled_is_refunded_and_its_stock_comes_back()
    {
        var desk = Products.Number(0x33);
        var before = await _client.AvailableAsync(desk);
        var id = await _client.OrderAsync(desk, 1);
        Assert.Equal("Confirmed", (await _client.WaitForEndAsync(id)).GetProperty("status").GetString());

        using var cancel = await _client.Http.PostAsync(
            new Uri($"/api/orders/{id}/cancel", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken
        );

        Assert.True(cancel.IsSuccessStatusCode, $"Cancelling answered {(int)cancel.StatusCode}.");
        Assert.Equal("Cancelled", (await _client.GetAsync($"/api/orders/{id}")).GetProperty("status").GetString());
        await _client.WaitForAvailableAsync(desk, before);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await PaymentsOfAsync(id)).Single().GetProperty("status").GetString() != "Refunded")
        {
            Assert.False(limit.IsCancellationRequested, "The payment was not refunded within 30 s.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Buyers_who_fight_for_the_last_items_never_get_more_than_there_are()
    {
        var lens = Products.Number(0x22);
        var stock = await _client.AvailableAsync(lens);

        var ids = await Task.WhenAll(Enumerable.Range(0, stock + 6).Select(_ => _client.OrderAsync(lens, 1)));
        var orders = await Task.WhenAll(ids.Select(_client.WaitForEndAsync));

        Assert.Equal(stock, orders.Count(order => order.GetProperty("status").GetString() == "Confirmed"));
        await _client.WaitForAvailableAsync(lens, 0);
    }

    private async Task<List<JsonElement>> PaymentsOfAsync(string orderId) =>
        (await _client.GetAsync("/api/payments?pageSize=100"))
            .GetProperty("items")
            .EnumerateArray()
            .Where(payment => payment.GetProperty("orderId").GetString() == orderId)
            .ToList();
}
