using System.Diagnostics;
using Shop.Testing;

namespace Shop.Chaos.Tests;

/// <summary>What is away takes nothing else along.</summary>
[Collection(nameof(ChaosShop))]
public sealed class IsolationTests(ChaosShop shop) : IAsyncLifetime
{
    private const int Orders = 5;

    private static readonly string s_product = Products.Number(0x29);
    private static readonly TimeSpan s_wholeLimit = TimeSpan.FromSeconds(90);

    private Person _customer = new(shop.Http);

    /// <summary>
    /// Waits until an order goes through. After the databases were killed by the test before, each pool still holds dead
    /// connections, and a service says so until it has thrown them away.
    /// </summary>
    public async ValueTask InitializeAsync()
    {
        for (var clock = Stopwatch.StartNew(); ; )
        {
            try
            {
                _customer = new Person(shop.Http);
                await _customer.WaitForStatusAsync(await _customer.OrderAsync(s_product, 1), "Confirmed");
                return;
            }
            catch (Exception) when (clock.Elapsed < s_wholeLimit)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("notifications", "billing", "search")]
    [InlineData("cache")]
    public async Task Without_what_an_order_does_not_need_it_goes_through(params string[] away)
    {
        await Task.WhenAll(away.Select(shop.KillAsync));

        var ids = await OrderAsync();
        await Task.WhenAll(ids.Select(id => _customer.WaitForStatusAsync(id, "Confirmed")));

        await Task.WhenAll(away.Select(shop.RestartAsync));
    }

    [Fact]
    public async Task Without_the_bus_orders_are_accepted_and_end_when_it_is_back()
    {
        await shop.KillAsync("messaging");

        var ids = await OrderAsync();
        var meanwhile = await Task.WhenAll(ids.Select(id => _customer.GetAsync($"/api/orders/{id}")));
        await shop.RestartAsync("messaging");

        Assert.All(meanwhile, order => Assert.Equal("Pending", order.GetProperty("status").GetString()));
        await Task.WhenAll(ids.Select(_customer.WaitForEndAsync));
    }

    [Fact]
    public async Task When_the_databases_are_killed_and_back_every_order_ends()
    {
        var ids = await OrderAsync();

        await shop.KillAsync("postgres");
        await shop.RestartAsync("postgres");

        foreach (var id in ids)
            await WaitForEndAsync(id);
    }

    // While its pools still hold dead connections a service may say that it is not available.
    private async Task WaitForEndAsync(string id)
    {
        await _customer.WaitForFoundAsync($"/api/orders/{id}");
        await _customer.WaitForEndAsync(id);
    }

    private Task<string[]> OrderAsync() =>
        Task.WhenAll(Enumerable.Range(0, Orders).Select(_ => _customer.OrderAsync(s_product, 1)));
}
