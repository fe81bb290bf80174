using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>
/// Nothing works without the servers: when one of them cannot start, everything else would wait for it for ever. So the
/// AppHost says which one and why, and ends with an exit code. Once each has been healthy, this is over: a server that is
/// stopped later is somebody's wish, or comes back.
/// </summary>
internal sealed class ServerWatch(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IHostApplicationLifetime lifetime
) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_logLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private Task _watch = Task.CompletedTask;

    // Before anything is started: the host comes back from starting the resources only when all of them have started.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _watch = WatchAsync();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _watch.WaitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync()
    {
        var starting = model
            .Resources.OfType<ServerProcess>()
            .Where(server => !server.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .Select(server => server.Name)
            .ToHashSet();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(s_startLimit);
        try
        {
            await foreach (var change in notifications.WatchAsync(limit.Token))
            {
                if (!starting.Contains(change.Resource.Name))
                    continue;
                if (KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text))
                {
                    await EndAsync(change);
                    return;
                }
                if (
                    change.Snapshot.HealthStatus == HealthStatus.Healthy
                    && starting.Remove(change.Resource.Name)
                    && starting.Count == 0
                )
                    return;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The AppHost ends before all servers have started.
        }
        catch (OperationCanceledException)
        {
            End(
                $"{string.Join(" and ", starting.Order())} did not answer within {s_startLimit.TotalMinutes:0} minutes"
            );
        }
    }

    private async Task EndAsync(ResourceEvent change)
    {
        // Its last words may come a moment after its end.
        using var patience = new CancellationTokenSource(s_logLimit);
        var said = new List<string>();
        try
        {
            await foreach (var batch in logs.WatchAsync(change.ResourceId).WithCancellation(patience.Token))
                said.AddRange(batch.Select(line => line.Content.Trim()));
        }
        catch (OperationCanceledException)
        {
            // That was all.
        }
        var exit = change.Snapshot.ExitCode is { } code ? $" (exit code {code})" : "";
        End($"{change.Resource.Name} did not start{exit}: {string.Join(" ", said.TakeLast(3))}");
    }

    private void End(string what)
    {
        Console.Error.WriteLine(
            $"{what} - mend that and start again; --Shop:Fresh=true starts on empty data, --Shop:DataDirectory=<folder> on other data."
        );
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
