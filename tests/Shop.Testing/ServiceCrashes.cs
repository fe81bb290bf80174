using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Shop.Testing;

/// <summary>Services and servers that die, and come back.</summary>
public static class ServiceCrashes
{
    private static readonly TimeSpan s_restartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends a service without a warning, once it is healthy.</summary>
    public static async Task KillAsync(this ShopFixture shop, string service)
    {
        ArgumentNullException.ThrowIfNull(shop);
        await shop.Application.ResourceNotifications.WaitForResourceHealthyAsync(
            service,
            TestContext.Current.CancellationToken
        );
        using var process = shop.ProcessOf(service);
        process.Kill(); // SIGKILL
    }

    /// <summary>The process of a service or server that runs.</summary>
    public static Process ProcessOf(this ShopFixture shop, string service)
    {
        ArgumentNullException.ThrowIfNull(shop);
        if (!shop.Application.ResourceNotifications.TryGetCurrentState(service, out var current))
            throw new InvalidOperationException($"There is no {service}.");
        var pid = current.Snapshot.Properties.First(property => property.Name == "executable.pid").Value;
        return Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Starts a service that has ended, and waits until it is healthy. It is started once more when it cannot start or ends again
    /// meanwhile, such as a service whose database is away, or a server whose former processes have not gone yet.
    /// </summary>
    /// <exception cref="TimeoutException">It was not healthy in time.</exception>
    public static async Task RestartAsync(this ShopFixture shop, string service)
    {
        ArgumentNullException.ThrowIfNull(shop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_restartLimit);
        try
        {
            do await StartAsync(shop, service, limit.Token);
            while (!await BecomesHealthyAsync(shop, service, limit.Token));
        }
        catch (OperationCanceledException)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(
                $"{service} was not healthy again after {s_restartLimit.TotalSeconds} s. {await LastSignsOfLifeAsync(shop, service)}"
            );
        }
    }

    // False when what it needs is away at the moment.
    private static async Task<bool> StartAsync(ShopFixture shop, string service, CancellationToken cancellationToken)
    {
        var ended = await shop.Application.ResourceNotifications.WaitForResourceAsync(
            service,
            change => HasEnded(change.Snapshot),
            cancellationToken
        );
        var result = await shop
            .Application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(ended.ResourceId, KnownResourceCommands.StartCommand, cancellationToken);
        return result.Success;
    }

    // False when it has ended again.
    private static async Task<bool> BecomesHealthyAsync(
        ShopFixture shop,
        string service,
        CancellationToken cancellationToken
    )
    {
        var hasBegun = false;
        var state = await shop.Application.ResourceNotifications.WaitForResourceAsync(
            service,
            change =>
            {
                hasBegun |= !HasEnded(change.Snapshot);
                return hasBegun && (HasEnded(change.Snapshot) || IsHealthy(change.Snapshot));
            },
            cancellationToken
        );
        return !HasEnded(state.Snapshot);
    }

    private static bool HasEnded(CustomResourceSnapshot snapshot) =>
        KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);

    private static bool IsHealthy(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running
        && snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;

    private static async Task<string> LastSignsOfLifeAsync(ShopFixture shop, string service)
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
