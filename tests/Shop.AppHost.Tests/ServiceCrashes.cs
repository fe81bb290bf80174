using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.AppHost.Tests;

/// <summary>Services that die, and come back.</summary>
internal static class ServiceCrashes
{
    private static readonly TimeSpan s_restartLimit = TimeSpan.FromSeconds(120);

    /// <summary>Ends a service without a warning.</summary>
    public static async Task KillAsync(this RunningShop shop, string service)
    {
        var running = await shop.Application.ResourceNotifications.WaitForResourceHealthyAsync(
            service,
            TestContext.Current.CancellationToken
        );
        var pid = running.Snapshot.Properties.First(property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture));
        process.Kill(); // SIGKILL
    }

    /// <summary>Starts a service that has ended, and waits until it is healthy.</summary>
    public static async Task RestartAsync(this RunningShop shop, string service)
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
                $"{service} was not healthy again after {s_restartLimit.TotalSeconds} s. {await LastSignsOfLifeAsync(shop, service)}"
            );
        }
    }

    private static async Task<string> LastSignsOfLifeAsync(RunningShop shop, string service)
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
