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
    // A step's deadline is 45 seconds.
    private static readonly TimeSpan s_wellBeforeDeadlines = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_restartLimit = TimeSpan.FromSeconds(120);

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
        await KillAsync(service);
        await RestartAsync(service);
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
        limit.CancelAfter(s_restartLimit);
        var notifications = shop.Application.ResourceNotifications;
        try
        {
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
            Assert.True(result.Success, $"{service} could not be started again: {result.Message}");
            await notifications.WaitForResourceHealthyAsync(service, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(
                $"{service} was not healthy again after {s_restartLimit.TotalSeconds} s. {await LastSignsOfLifeAsync(service)}"
            );
        }
    }

    private async Task<string> LastSignsOfLifeAsync(string service)
    {
        if (!shop.Application.ResourceNotifications.TryGetCurrentState(service, out var current))
            return "It is unknown.";
        var snapshot = current.Snapshot;
        var checks = snapshot.HealthReports.Select(check => $"{check.Name}: {check.Status} {check.Description}");
        var lines = new List<string>();
        var logs = shop.Application.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var batch in logs.GetAllAsync(current.ResourceId))
            lines.AddRange(batch.Select(line => line.Content));
        return $"It is {snapshot.State?.Text}, exit code {snapshot.ExitCode}; {string.Join(", ", checks)}; it said last:\n{string.Join('\n', lines.TakeLast(20))}";
    }
}
