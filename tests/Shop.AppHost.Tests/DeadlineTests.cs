namespace Shop.AppHost.Tests;

/// <summary>In a class of its own, since it waits for a deadline: other tests run meanwhile.</summary>
public sealed class DeadlineTests(RunningShop shop)
{
    private readonly ShopClient _client = shop.Client;

    [Fact]
    public async Task A_payment_that_never_answers_is_cancelled_at_its_deadline_with_stock_released()
    {
        var lamp = Products.Number(0x32);
        var before = await _client.AvailableAsync(lamp);

        var id = await _client.OrderAsync(lamp, 4, "pm_card_timeout");
        await _client.WaitForAvailableAsync(lamp, before - 4);
        var order = await _client.WaitForEndAsync(id);

        Assert.Equal("Cancelled", order.GetProperty("status").GetString());
        Assert.Equal("PaymentTimedOut", order.GetProperty("cancellationReason").GetString());
        await _client.WaitForAvailableAsync(lamp, before);
    }
}
