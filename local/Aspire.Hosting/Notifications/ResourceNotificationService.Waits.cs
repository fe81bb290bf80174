using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public partial class ResourceNotificationService
{
    /// <summary>Waits until a resource is in a state.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; <see cref="KnownResourceStates.Running" /> when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForResourceAsync(
        string resourceName,
        string? targetState = null,
        CancellationToken cancellationToken = default
    ) =>
        WaitForResourceAsync(
            resourceName,
            [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState],
            cancellationToken
        );

    /// <summary>Waits until a resource is in one of several states, and says in which.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> WaitForResourceAsync(
        string resourceName,
        IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default
    )
    {
        var states = targetStates.ToArray();
        var reached = await WaitForResourceAsync(
            resourceName,
            change => states.Contains(change.Snapshot.State?.Text, StringComparer.OrdinalIgnoreCase),
            cancellationToken
        );
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until something is true of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="predicate">What is to be true.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        ArgumentNullException.ThrowIfNull(predicate);
        try
        {
            await foreach (var change in WatchAsync(cancellationToken))
            {
                var isMeant = SameName(change.Resource.Name, resourceName) || SameName(change.ResourceId, resourceName);
                if (isMeant && predicate(change))
                {
                    return change;
                }
            }
        }
        catch (OperationCanceledException error) when (cancellationToken.IsCancellationRequested)
        {
            var state = TryGetCurrentState(resourceName, out var last) ? last.Snapshot.State?.Text : null;
            throw new OperationCanceledException(
                $"The wait for resource '{resourceName}' was cancelled; its state was {state ?? "not known"}.",
                error,
                cancellationToken
            );
        }

        throw new OperationCanceledException(
            $"The application stopped while something waited for resource '{resourceName}'."
        );
    }

    /// <summary>Waits until a resource runs, is healthy, and its <see cref="ResourceReadyEvent" /> was handled.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        CancellationToken cancellationToken = default
    ) => WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource runs, is healthy, and its <see cref="ResourceReadyEvent" /> was handled.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="waitBehavior">What happens when the resource fails.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DistributedApplicationException">The resource failed, and the wait is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default
    )
    {
        var model = _services.GetService<DistributedApplicationModel>();
        if (
            waitBehavior == WaitBehavior.StopOnResourceUnavailable
            && !TryGetCurrentState(resourceName, out _)
            && model?.Resources.TryGetByName(resourceName, out _) is false
        )
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it does not exist in the application model."
            );
        }

        var reached = await WaitForResourceAsync(
            resourceName,
            change =>
                change.Snapshot is { HealthStatus: HealthStatus.Healthy, ReadyEvent: not null }
                || HasFailed(change, waitBehavior),
            cancellationToken
        );
        if (HasFailed(reached, waitBehavior))
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start."
            );
        }

        await reached.Snapshot.ReadyEvent!.WaitAsync(cancellationToken);
        return reached;
    }

    /// <summary>Waits for everything that a resource waits for.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DistributedApplicationException">One of them failed.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        WaitForDependenciesAsync(resource, ResourceInstances.NamesOf(resource), cancellationToken);

    internal async Task WaitForDependenciesAsync(
        IResource resource,
        IReadOnlyList<string> instances,
        CancellationToken cancellationToken
    )
    {
        var waits = resource
            .Annotations.OfType<WaitAnnotation>()
            .Where(wait => wait.Resource is not (IResourceWithoutLifetime or ParameterResource))
            .ToArray();
        if (waits.Length == 0)
        {
            return;
        }

        foreach (var instance in instances)
        {
            await PublishUpdateAsync(
                resource,
                instance,
                snapshot => snapshot with { State = KnownResourceStates.Waiting }
            );
        }

        var log = _loggers.GetLogger(resource);
        await Task.WhenAll(
            waits.SelectMany(wait =>
                ResourceInstances
                    .NamesOf(wait.Resource)
                    .Select(id => WaitFor(resource, wait, id, log, cancellationToken))
            )
        );
    }

    private async Task WaitFor(
        IResource resource,
        WaitAnnotation wait,
        string id,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        var behavior = wait.WaitBehavior ?? DefaultWaitBehavior;
        log.LogInformation(
            "Waiting for resource '{Dependency}' to {Goal}.",
            wait.Resource.Name,
            wait.WaitType switch
            {
                WaitType.WaitForCompletion => "complete",
                WaitType.WaitUntilStarted => "start",
                _ => "become healthy",
            }
        );

        var reached = await WaitForResourceAsync(
            id,
            change =>
                wait.WaitType switch
                {
                    WaitType.WaitForCompletion => HasEnded(change),
                    WaitType.WaitUntilStarted => IsRunning(change) || HasFailed(change, behavior),
                    _ => change.Snapshot is { HealthStatus: HealthStatus.Healthy, ReadyEvent: not null }
                        || HasFailed(change, behavior),
                },
            cancellationToken
        );

        if (Failure(resource, wait, reached, behavior) is { } failure)
        {
            log.LogError("{Failure}", failure);
            throw new DistributedApplicationException(failure);
        }

        if (wait.WaitType == WaitType.WaitUntilHealthy)
        {
            await reached.Snapshot.ReadyEvent!.WaitAsync(cancellationToken);
        }

        log.LogInformation("Finished waiting for resource '{Dependency}'.", wait.Resource.Name);
    }

    private static string? Failure(
        IResource resource,
        WaitAnnotation wait,
        ResourceEvent reached,
        WaitBehavior behavior
    )
    {
        var prefix =
            $"Resource '{resource.Name}' stopped waiting for dependency resource '{wait.Resource.Name}' because it ";
        var state = reached.Snapshot.State?.Text;
        if (wait.WaitType != WaitType.WaitForCompletion)
        {
            return !HasFailed(reached, behavior) ? null
                : state == KnownResourceStates.FailedToStart ? prefix + "failed to start."
                : $"{prefix}entered the '{state}' state prematurely.";
        }

        if (state == KnownResourceStates.FailedToStart)
        {
            return prefix + "failed to start.";
        }

        return reached.Snapshot.ExitCode is { } exitCode && exitCode != wait.ExitCode
            ? $"{prefix}entered the '{state}' state with exit code '{exitCode}', expected '{wait.ExitCode}'."
            : null;
    }

    private static bool IsRunning(ResourceEvent change) => change.Snapshot.State?.Text == KnownResourceStates.Running;

    private static bool HasEnded(ResourceEvent change) =>
        KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text);

    private static bool HasFailed(ResourceEvent change, WaitBehavior behavior) =>
        behavior == WaitBehavior.StopOnResourceUnavailable
        && (HasEnded(change) || change.Snapshot.State?.Text == KnownResourceStates.RuntimeUnhealthy);
}
