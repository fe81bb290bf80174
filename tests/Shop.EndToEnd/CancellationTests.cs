using System.Net;

namespace Shop.EndToEnd;

/// <summary>A customer may change her mind at any moment until the parcel leaves: stock and money always follow.</summary>
public sealed class CancellationTests(RunningShop shop)
{
    private readonly ShopClient _client = shop.Client;
    private readonly Person _customer = new(shop.Client.Stranger);

    /// <summary>Product, payment method, and the line of the timeline after which the order is cancelled.</summary>
    public static TheoryData<int, string, string> Moments { get; } =
        new()
        {
            { 0x39, "pm_card_visa", "The order was placed." },
            { 0x3a, "pm_card_timeout", "Asked Payments to charge the payment method." },
            { 0x3d, "pm_card_answerLost", "Inventory reserved the stock." },
            { 0x3b, "pm_card_visa", "Confirmed the order and asked Inventory to commit the stock." },
            { 0x3c, "pm_card_visa", "Inventory committed the stock." },
        };

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Cancelled_at_any_moment_the_stock_comes_back_and_nobody_is_charged(
        int product,
        string paymentMethod,
        string after
    )
    {
        var before = await _client.AvailableAsync(Products.Number(product));
        var id = await _customer.OrderAsync(Products.Number(product), 2, paymentMethod);
        await _customer.WaitForAsync(
            $"/api/orders/{id}/timeline",
            $"there that '{after}'",
            timeline => timeline.GetProperty("items").ToString().Contains(after, StringComparison.Ordinal)
        );

        using var cancel = await _customer.PostAsync($"/api/orders/{id}/cancel");
        using var again = await _customer.PostAsync($"/api/orders/{id}/cancel");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (cancel.StatusCode, again.StatusCode));
        var order = await _customer.GetAsync($"/api/orders/{id}");
        Assert.Equal("Cancelled", order.GetProperty("status").GetString());
        Assert.Equal("CancelledByCustomer", order.GetProperty("cancellationReason").GetString());
        await _client.WaitForAvailableAsync(Products.Number(product), before);
        await _customer.WaitForAsync(
            "/api/payments",
            "paid back",
            payments =>
                payments
                    .GetProperty("items")
                    .EnumerateArray()
                    .All(payment => payment.GetProperty("status").GetString() is "Refunded" or "Cancelled")
        );
        Assert.Single(
            await _customer.TimelineAsync(id),
            line => line.StartsWith("The order was cancelled at the customer's request, ", StringComparison.Ordinal)
        );
    }
}
