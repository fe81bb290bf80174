using System.Text.Json;

namespace Shop.EndToEnd;

/// <summary>The list reads its own tables, which follow the orders by events.</summary>
public sealed class OrderListTests(RunningShop shop)
{
    private readonly Person _customer = new(shop.Client.Stranger);
    private readonly Person _operator = new(shop.Client.Stranger, "operator");

    [Fact]
    public async Task Every_order_comes_into_its_customers_list_and_moves_on_there()
    {
        List<string> placed = [];
        for (var i = 0; i < 7; i++)
        {
            placed.Insert(0, await _customer.OrderAsync(Products.Number(0x3e), 1));
        }

        var declined = await _customer.OrderAsync(Products.Number(0x3f), 1, "pm_card_chargeDeclined");
        placed.Insert(0, declined);

        var list = await _customer.WaitForAsync(
            "/api/orders?pageSize=100",
            "all listed and ended",
            page =>
                page.GetProperty("total").GetInt32() == placed.Count
                && Orders(page).All(order => order.GetProperty("status").GetString() is "Confirmed" or "Cancelled")
        );

        Assert.Equal(placed, Orders(list).Select(order => order.GetProperty("id").GetString()));
        Assert.Equal("PaymentDeclined", Orders(list)[0].GetProperty("cancellationReason").GetString());
        var line = Assert.Single(Orders(list)[^1].GetProperty("items").EnumerateArray().ToList());
        Assert.Equal("Leather Card Wallet", line.GetProperty("name").GetString());
        var second = await _customer.GetAsync("/api/orders?page=2&pageSize=5");
        Assert.Equal(placed.Skip(5), Orders(second).Select(order => order.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_operators_work_list_has_what_is_to_be_shipped_until_it_is()
    {
        var id = await _customer.OrderAsync(Products.Number(0x40), 1);
        const string toShip = "/api/orders?all=true&status=Confirmed&pageSize=100";

        await _operator.WaitForAsync(toShip, "to be shipped", page => Has(page, id));
        using var ship = await _operator.PostAsync($"/api/orders/{id}/ship");
        Assert.True(ship.IsSuccessStatusCode, $"Shipping answered {(int)ship.StatusCode}.");
        await _operator.WaitForAsync(toShip, "shipped", page => !Has(page, id));
    }

    private static bool Has(JsonElement page, string id) =>
        Orders(page).Any(order => order.GetProperty("id").GetString() == id);

    private static List<JsonElement> Orders(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];
}
