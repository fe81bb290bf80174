using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.AppHost.Tests;

/// <summary>These kill services under everybody's feet: they run alone, after the others.</summary>
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
public sealed class CrashTestsRunAlone;

[Collection(nameof(CrashTests))]
public sealed class CrashTests(RunningShop shop)
{
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
        await KillAsync(service);
        await RestartAsync(service);
        var orders = await Task.WhenAll(ids.Select(_client.WaitForEndAsync));

        Assert.All(orders, order => Assert.Equal("Confirmed", order.GetProperty("status").GetString()));
        await _client.WaitForAvailableAsync(product, before - 10);
        var payments = (await _client.GetAsync("/api/payments?pageSize=100")).GetProperty("items").EnumerateArray();
        var ofTheseOrders = payments
            .Select(payment => payment.GetProperty("orderId").GetString()!)
            .Where(ids.Contains)
            .ToList();
        Assert.Equal(ids.Order(), ofTheseOrders.Order());
    }

    private async Task KillAsync(string service)
    {
        var running = await shop.Application.ResourceNotifications.WaitForResourceHealthyAsync(
            service,
            TestContext.Current.CancellationToken
        );
        var pid = running.Snapshot.Properties.First(property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture));
        process.Kill(); // SIGKILL
    }

    private async Task RestartAsync(string service)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var notifications = shop.Application.ResourceNotifications;
        var ended = await notifications.WaitForResourceAsync(
            service,
            change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text),
            limit.Token
        );
        var commands = shop.Application.Services.GetRequiredService<ResourceCommandService>();
        var result = await commands.ExecuteCommandAsync(
            ended.ResourceId,
            KnownResourceCommands.StartCommand,
            limit.Token
        );
        Assert.True(result.Success, $"{service} could not be started again.");
        await notifications.WaitForResourceHealthyAsync(service, limit.Token);
    }
}
