using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.EndToEnd;

/// <summary>Goods and money are never both gone unless somebody has decided both: first the shipping, then the refund.</summary>
public sealed class RefundTests(RunningShop shop)
{
    private readonly ShopClient _client = shop.Client;
    private readonly Person _customer = new(shop.Client.Stranger);
    private readonly Person _operator = new(shop.Client.Stranger, "operator");

    [Fact]
    public async Task Before_it_is_shipped_an_order_is_cancelled_and_not_refunded_and_then_it_is_not_shipped()
    {
        var id = await OrderAsync(0x42);
        var payment = await PaymentOfAsync(id);

        using var refund = await _operator.PostAsync($"/api/payments/{payment}/refund", new { reason = "not wanted" });

        Assert.Equal(HttpStatusCode.Conflict, refund.StatusCode);
        var problem = await ReadAsync(refund);
        Assert.EndsWith("/order-not-shipped", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            $"/api/orders/{id}/cancel",
            problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("Confirmed", await StatusOfAsync(id));
        using var cancel = await _operator.PostAsync($"/api/orders/{id}/cancel");
        using var ship = await _operator.PostAsync($"/api/orders/{id}/ship");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (cancel.StatusCode, ship.StatusCode));
        await WaitForRefundAsync(id);
        Assert.Equal("Cancelled", await StatusOfAsync(id));
    }

    [Theory]
    [InlineData(false, "Shipped")]
    [InlineData(true, "Delivered")]
    public async Task What_was_shipped_is_refunded_once_and_the_order_shows_it(bool deliver, string status)
    {
        var id = await OrderAsync(0x42);
        var payment = await PaymentOfAsync(id);
        (await _operator.PostAsync($"/api/orders/{id}/ship")).EnsureSuccessStatusCode().Dispose();
        if (deliver)
            (await _operator.PostAsync($"/api/orders/{id}/deliver")).EnsureSuccessStatusCode().Dispose();
        await WaitForShippingAsync(payment);

        using var refund = await _operator.PostAsync($"/api/payments/{payment}/refund", new { reason = "broken" });
        using var again = await _operator.PostAsync($"/api/payments/{payment}/refund");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (refund.StatusCode, again.StatusCode));
        await WaitForRefundAsync(id);
        Assert.Equal(status, await StatusOfAsync(id));
        Assert.Single(
            await _customer.TimelineAsync(id),
            line => line.StartsWith("Payments refunded ", StringComparison.Ordinal)
        );
        await _customer.WaitForAsync(
            $"/api/invoices?orderIds={id}",
            "credited",
            invoices =>
                invoices
                    .GetProperty("items")
                    .EnumerateArray()
                    .Any(invoice =>
                        invoice.TryGetProperty("creditNoteNumber", out var number)
                        && number.ValueKind == JsonValueKind.String
                    )
        );
    }

    [Fact]
    public async Task Shipped_cancelled_and_refunded_at_the_same_moment_goods_and_money_agree()
    {
        const int Rounds = 6;
        var product = Products.Number(0x36);
        var before = await _client.AvailableAsync(product);

        var ends = await Task.WhenAll(Enumerable.Range(0, Rounds).Select(EndAsync));

        // What was shipped is gone, and all the rest is back.
        await _client.WaitForAvailableAsync(product, before - ends.Count(status => status == "Shipped"));
    }

    /// <summary>Everybody at once, the cancellation in every second round only: in the others the goods leave for certain.</summary>
    private async Task<string> EndAsync(int round)
    {
        var id = await OrderAsync(0x36);
        var payment = await PaymentOfAsync(id);
        var refunds = Enumerable.Range(0, 3).Select(_ => RefundUntilDecidedAsync(id, payment));
        var shipping = _operator.PostAsync($"/api/orders/{id}/ship");
        var cancelling = round % 2 == 0 ? _customer.PostAsync($"/api/orders/{id}/cancel") : null;

        await Task.WhenAll(refunds);
        using var shipped = await shipping;
        using var cancelled = cancelling is null ? null : await cancelling;

        var status = await StatusOfAsync(id);
        Assert.Equal(status == "Shipped" ? HttpStatusCode.OK : HttpStatusCode.Conflict, shipped.StatusCode);
        Assert.Equal(status == "Cancelled", cancelled?.StatusCode == HttpStatusCode.OK);
        await WaitForRefundAsync(id);
        Assert.Equal(status, await StatusOfAsync(id));
        var timeline = await _customer.TimelineAsync(id);
        var refunded = Assert.Single(timeline, line => line.StartsWith("Payments refunded ", StringComparison.Ordinal));
        var decided = status == "Shipped" ? "An operator shipped the order." : "The order was cancelled";
        Assert.True(
            timeline.Index().First(line => line.Item.StartsWith(decided, StringComparison.Ordinal)).Index
                < timeline.Index().First(line => line.Item == refunded).Index,
            string.Join(' ', timeline)
        );
        return status!;
    }

    /// <summary>Asks again and again, and before each answer that says yes the order has been shipped or cancelled.</summary>
    private async Task RefundUntilDecidedAsync(string order, string payment)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            using var response = await _operator.PostAsync($"/api/payments/{payment}/refund");
            if (response.StatusCode == HttpStatusCode.Accepted)
                break;
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.False(limit.IsCancellationRequested, $"Order {order} was not refunded within 90 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        Assert.True(await StatusOfAsync(order) is "Shipped" or "Cancelled");
    }

    private async Task<string> OrderAsync(int product)
    {
        var id = await _customer.OrderAsync(Products.Number(product), 1);
        await _customer.WaitForStatusAsync(id, "Confirmed");
        return id;
    }

    private async Task<string> PaymentOfAsync(string order) =>
        (await _operator.GetAsync($"/api/payments?orderId={order}"))
            .GetProperty("items")[0]
            .GetProperty("id")
            .GetString()!;

    private async Task<string?> StatusOfAsync(string order) =>
        (await _customer.GetAsync($"/api/orders/{order}")).GetProperty("status").GetString();

    private Task<JsonElement> WaitForShippingAsync(string payment) =>
        _operator.WaitForAsync(
            $"/api/payments/{payment}",
            "known to be shipped",
            found => found.GetProperty("shippedAt").ValueKind == JsonValueKind.String
        );

    private Task<JsonElement> WaitForRefundAsync(string order) =>
        _customer.WaitForAsync(
            $"/api/orders/{order}",
            "refunded in full",
            found =>
                found.TryGetProperty("refundedAt", out _)
                && found.GetProperty("refundedAmount").GetDecimal() == found.GetProperty("total").GetDecimal()
        );

    private static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
}
