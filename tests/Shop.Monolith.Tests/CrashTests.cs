namespace Shop.Monolith.Tests;

/// <summary>These kill a monolith of their own.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const int Orders = 10;

    private readonly MonolithProcess _process = new();
    private readonly string _product = Products.Number(0x26);

    public async ValueTask InitializeAsync() => await _process.StartAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [Fact]
    public async Task Killed_mid_saga_and_started_again_it_ends_every_order_once()
    {
        var buyer = Client();
        await buyer.WaitForEndAsync(await buyer.OrderAsync(Products.Number(0x27), 1)); // nothing is slow for the first time
        var before = await buyer.AvailableAsync(_product);
        var ids = await Task.WhenAll(Enumerable.Range(0, Orders).Select(_ => buyer.OrderAsync(_product, 1)));

        await _process.KillAsync();
        await _process.StartAsync();

        var client = Client();
        var orders = await Task.WhenAll(ids.Select(client.WaitForEndAsync));
        Assert.All(orders, order => Assert.Equal("Confirmed", order.GetProperty("status").GetString()));
        await client.WaitForAvailableAsync(_product, before - Orders);
        var payments = (await client.GetAsync("/api/payments?pageSize=100")).GetProperty("items").EnumerateArray();
        Assert.Equal(
            ids.Order(),
            payments
                .Where(payment => payment.GetProperty("status").GetString() == "Succeeded")
                .Select(payment => payment.GetProperty("orderId").GetString()!)
                .Where(ids.Contains)
                .Order()
        );
    }

    [Fact]
    public async Task Told_to_end_it_ends_with_its_database_and_finds_its_data_again()
    {
        var id = await Client().OrderAsync(_product, 1);
        await Client().WaitForEndAsync(id);

        Assert.Equal(0, await _process.StopAsync());
        Assert.Null(_process.PostgresId());
        await _process.StartAsync();
        Assert.Equal("Confirmed", (await Client().GetAsync($"/api/orders/{id}")).GetProperty("status").GetString());
        await _process.StopAsync();

        await _process.StartAsync("--Shop:Fresh=true");
        using var response = await Client()
            .Http.GetAsync(new Uri($"/api/orders/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    private ShopClient Client() => new(_process.Address);
}
