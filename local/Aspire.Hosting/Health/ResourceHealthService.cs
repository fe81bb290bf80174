using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Health;

/// <summary>Checks the health of every running instance, and says when it is ready for the first time.</summary>
internal sealed class ResourceHealthService(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    HealthCheckService checks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider time
) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    // Others wait for the first success, so a start is looked at more often than a failure later on.
    private static readonly TimeSpan LongestStartDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UnhealthyDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HealthyDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(5);

    // An exception's stack says nothing to the reader of the dashboard and costs a lot to keep.
    private const int LongestExceptionText = 2_000;

    private readonly ConcurrentDictionary<string, (CancellationTokenSource Stop, Task Done)> _watches = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                var runs = change.Snapshot.State?.Text == KnownResourceStates.Running;
                if (runs && !_watches.ContainsKey(change.ResourceId))
                {
                    var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    _watches[change.ResourceId] = (stop, Watch(change, stop.Token));
                }
                else if (!runs && _watches.TryRemove(change.ResourceId, out var watch))
                {
                    await watch.Stop.CancelAsync();
                    await watch.Done;
                    watch.Stop.Dispose();
                    await notifications.PublishUpdateAsync(
                        change.Resource,
                        change.ResourceId,
                        snapshot => snapshot with { ReadyEvent = null }
                    );
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(_watches.Values.Select(watch => watch.Done));
        }
    }

    private async Task Watch(ResourceEvent started, CancellationToken cancellationToken)
    {
        var keys = started
            .Resource.Annotations.OfType<HealthCheckAnnotation>()
            .Select(annotation => annotation.Key)
            .ToHashSet();
        if (keys.Count == 0 && started.Resource is IResourceWithParent { Parent: var parent })
        {
            await Follow(started, parent, cancellationToken);
            return;
        }

        var delay = FirstDelay;
        var isReady = false;
        try
        {
            while (true)
            {
                var isHealthy = keys.Count == 0 || await Check(started, keys, cancellationToken);
                if (isHealthy && !isReady)
                {
                    isReady = true;
                    await SetReady(started, cancellationToken);
                }

                if (keys.Count == 0)
                {
                    return;
                }

                delay =
                    isHealthy ? HealthyDelay
                    : isReady ? UnhealthyDelay
                    : TimeSpan.FromTicks(Math.Min(delay.Ticks * 3 / 2, LongestStartDelay.Ticks));
                await Task.Delay(delay, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The instance ended, or the application is stopping.
        }
    }

    /// <summary>A child without checks of its own, such as a database, is as healthy as what it lives in.</summary>
    private async Task Follow(ResourceEvent started, IResource parent, CancellationToken cancellationToken)
    {
        var isReady = false;
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (change.Resource != parent)
                {
                    continue;
                }

                await notifications.PublishUpdateAsync(
                    started.Resource,
                    started.ResourceId,
                    snapshot => snapshot.WithHealthReports(change.Snapshot.HealthReports)
                );
                var isHealthy = change.Snapshot.HealthStatus == HealthStatus.Healthy;
                if (!isReady && isHealthy && change.Snapshot.ReadyEvent is { } parentIsReady)
                {
                    isReady = true;
                    await parentIsReady.WaitAsync(cancellationToken);
                    await SetReady(started, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The instance ended, or the application is stopping.
        }
        catch (DistributedApplicationException exception)
        {
            logs.GetLogger(started.ResourceId).LogError("{Message}", exception.Message);
        }
    }

    private async Task<bool> Check(ResourceEvent started, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var reports = await Report(keys, cancellationToken);
        await notifications.PublishUpdateAsync(
            started.Resource,
            started.ResourceId,
            snapshot => snapshot.WithHealthReports(Merge(snapshot.HealthReports, reports))
        );
        return reports.All(report => report.Status == HealthStatus.Healthy);
    }

    private async Task<ImmutableArray<HealthReportSnapshot>> Report(
        HashSet<string> keys,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(CheckLimit);
        try
        {
            var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), limited.Token);
            return
            [
                .. keys.Select(key =>
                    report.Entries.TryGetValue(key, out var entry)
                        ? new HealthReportSnapshot(key, entry.Status, entry.Description, TextOf(entry.Exception))
                        {
                            LastRunAt = now,
                        }
                        : Unhealthy(key, $"No health check is registered as '{key}'.", now)
                ),
            ];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [.. keys.Select(key => Unhealthy(key, $"No answer within {CheckLimit.TotalSeconds} s.", now))];
        }
    }

    private async Task SetReady(ResourceEvent started, CancellationToken cancellationToken)
    {
        // Each instance of a replicated project is ready for itself, as each was started for itself.
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await notifications.PublishUpdateAsync(
            started.Resource,
            started.ResourceId,
            snapshot => snapshot with { ReadyEvent = handled.Task }
        );
        try
        {
            await eventing.PublishAsync(new ResourceReadyEvent(started.Resource, services), cancellationToken);
            handled.SetResult();
        }
        catch (OperationCanceledException)
        {
            handled.SetCanceled(cancellationToken);
        }
        catch (Exception exception)
        {
            logs.GetLogger(started.ResourceId)
                .LogError(exception, "What was to be done when the resource is ready failed.");
            handled.SetException(
                new DistributedApplicationException(
                    $"What was to be done when '{started.Resource.Name}' is ready failed: {exception.Message}",
                    exception
                )
            );
        }
    }

    private static HealthReportSnapshot Unhealthy(string key, string description, DateTime now) =>
        new(key, HealthStatus.Unhealthy, description, null) { LastRunAt = now };

    private static string? TextOf(Exception? exception) =>
        exception?.ToString() is { } text
            ? text.Length > LongestExceptionText
                ? text[..LongestExceptionText]
                : text
            : null;

    private static ImmutableArray<HealthReportSnapshot> Merge(
        ImmutableArray<HealthReportSnapshot> known,
        ImmutableArray<HealthReportSnapshot> latest
    ) => [.. known.Where(report => latest.All(other => other.Name != report.Name)), .. latest];
}
