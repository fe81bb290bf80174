namespace Shop.EndToEnd;

public sealed class LastItemsTests(RunningShop shop)
{
    private const int Buyers = 200;
    private const int Left = 10;

    private readonly ShopClient _client = shop.Client;

    [Fact]
    public async Task Of_200_buyers_of_the_last_10_items_exactly_10_get_one_and_nobody_else_is_charged()
    {
        var espressoMachine = Products.Number(0x23);
        var early = new Person(_client.Stranger);
        var before = await _client.AvailableAsync(espressoMachine);
        Assert.True(before > Left, $"There are only {before} to begin with.");
        await early.WaitForStatusAsync(await early.OrderAsync(espressoMachine, before - Left), "Confirmed");
        await _client.WaitForAvailableAsync(espressoMachine, Left);

        var buyers = Enumerable.Range(0, Buyers).Select(_ => new Person(_client.Stranger)).ToList();
        var orders = await Task.WhenAll(
            buyers.Select(async buyer => await buyer.WaitForEndAsync(await buyer.OrderAsync(espressoMachine, 1)))
        );

        var confirmed = orders.Count(order => order.GetProperty("status").GetString() == "Confirmed");
        Assert.True(confirmed == Left, $"{confirmed} of {Buyers} buyers got one of {Left}.");
        Assert.All(
            orders.Where(order => order.GetProperty("status").GetString() != "Confirmed"),
            order => Assert.Equal("OutOfStock", order.GetProperty("cancellationReason").GetString())
        );
        await _client.WaitForAvailableAsync(espressoMachine, 0);
        foreach (var (buyer, order) in buyers.Zip(orders))
        {
            var payments = (await buyer.GetAsync("/api/payments")).GetProperty("items").EnumerateArray().ToList();
            if (order.GetProperty("status").GetString() == "Confirmed")
            {
                var payment = Assert.Single(payments);
                Assert.Equal("Succeeded", payment.GetProperty("status").GetString());
                Assert.Equal(order.GetProperty("total").GetDecimal(), payment.GetProperty("amount").GetDecimal());
            }
            else
            {
                Assert.Empty(payments);
            }
        }
    }
}
