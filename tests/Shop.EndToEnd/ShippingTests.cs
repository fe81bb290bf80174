using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.EndToEnd;

public sealed class ShippingTests(RunningShop shop)
{
    private readonly Person _customer = new(shop.Client.Stranger);
    private readonly Person _operator = new(shop.Client.Stranger, "operator");

    [Fact]
    public async Task An_operator_ships_and_delivers_and_the_timeline_tells_the_whole_story()
    {
        var id = await _customer.OrderAsync(Products.Number(0x30), 1);
        await _customer.WaitForStatusAsync(id, "Confirmed");

        // At once, without waiting for anything but what everybody sees.
        using var ship = await _operator.PostAsync(
            $"/api/orders/{id}/ship",
            new { carrier = "DHL", trackingNumber = "JD014600003RU" }
        );
        using var cancel = await _customer.PostAsync($"/api/orders/{id}/cancel");
        using var deliver = await _operator.PostAsync($"/api/orders/{id}/deliver");

        Assert.Equal(HttpStatusCode.OK, ship.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, cancel.StatusCode);
        Assert.Equal(HttpStatusCode.OK, deliver.StatusCode);
        var order = await _customer.GetAsync($"/api/orders/{id}");
        Assert.Equal("Delivered", order.GetProperty("status").GetString());
        Assert.Equal("JD014600003RU", order.GetProperty("trackingNumber").GetString());
        Assert.Equal(
            [
                "The order was placed.",
                "Asked Inventory to reserve the stock.",
                "Inventory reserved the stock.",
                "Asked Payments to charge the payment method.",
                "The payment was made.",
                "Confirmed the order and asked Inventory to commit the stock.",
                "Inventory committed the stock.",
                "An operator shipped the order with DHL, tracking number JD014600003RU.",
                "An operator noted that the order was delivered.",
            ],
            await _customer.TimelineAsync(id)
        );
    }

    [Fact]
    public async Task A_customer_cannot_ship_and_nobody_ships_what_is_not_confirmed()
    {
        var id = await _customer.OrderAsync(Products.Number(0x31), 1, "pm_card_chargeDeclined");
        await _customer.WaitForStatusAsync(id, "Cancelled");

        using var byCustomer = await _customer.PostAsync($"/api/orders/{id}/ship");
        using var byOperator = await _operator.PostAsync($"/api/orders/{id}/ship");

        Assert.Equal(HttpStatusCode.Forbidden, byCustomer.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, byOperator.StatusCode);
        var problem = await byOperator.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Contains("PaymentDeclined", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }
}
