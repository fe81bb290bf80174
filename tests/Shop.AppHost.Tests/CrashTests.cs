using System.Diagnostics;
using Shop.Testing;

namespace Shop.AppHost.Tests;

/// <summary>These kill services under everybody's feet: they run alone, after the others.</summary>
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
public sealed class CrashTestsRunAlone;

[Collection(nameof(CrashTests))]
public sealed class CrashTests(RunningShop shop)
{
    // A step's deadline is 45 seconds.
    private static readonly TimeSpan s_wellBeforeDeadlines = TimeSpan.FromSeconds(30);

    private readonly ShopClient _client = shop.Client;

    [Theory]
    [InlineData("inventory")]
    [InlineData("payments")]
    [InlineData("ordering")]
    public async Task A_service_killed_mid_saga_and_restarted_finishes_every_order_once(string service)
    {
        var product = Products.Number(
            service[0] switch
            {
                'i' => 0x26,
                'p' => 0x27,
                _ => 0x29,
            }
        );
        var before = await _client.AvailableAsync(product);

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _client.OrderAsync(product, 1)));
        var killed = Stopwatch.GetTimestamp();
        await shop.KillAsync(service);
        await shop.RestartAsync(service);
        var wasBackInTime = Stopwatch.GetElapsedTime(killed) < s_wellBeforeDeadlines;
        var orders = await Task.WhenAll(ids.Select(_client.WaitForEndAsync));

        var confirmed = orders
            .Where(order => order.GetProperty("status").GetString() == "Confirmed")
            .Select(order => order.GetProperty("id").GetString()!)
            .ToList();
        // A slow machine may reach a step's deadline. Then an order is cancelled, and owes nothing.
        Assert.True(confirmed.Count == ids.Length || !wasBackInTime, string.Join('\n', orders));
        await _client.WaitForAvailableAsync(product, before - confirmed.Count);
        var payments = (await _client.GetAsync("/api/payments?pageSize=100")).GetProperty("items").EnumerateArray();
        var paid = payments
            .Where(payment => payment.GetProperty("status").GetString() == "Succeeded")
            .Select(payment => payment.GetProperty("orderId").GetString()!)
            .Where(ids.Contains)
            .ToList();
        Assert.Equal(confirmed.Order(), paid.Order());
    }
}
