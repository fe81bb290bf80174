using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Starts, stops and restarts instances through DCP.</summary>
internal sealed class InstanceStarter(
    DcpAccess access,
    LaunchPlanner planner,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IDistributedApplicationEventing eventing,
    InstanceStates states,
    IServiceProvider services,
    ILogger<InstanceStarter> logger
)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts instances of one resource, after what the resource waits for; a failure becomes their state.</summary>
    public async Task Start(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        var resource = instances[0].Resource;
        try
        {
            await SetState(instances, KnownResourceStates.Starting);
            await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken);
            await WaitForOthers(instances, cancellationToken);
            await SetState(instances, KnownResourceStates.Starting);
            EnsureDirectPortsAreFree(resource);
            var launch = await planner.Plan(resource, logs.GetLogger(resource), cancellationToken);
            await Task.WhenAll(instances.Select(i => Create(i, launch, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            await Fail(instances, exception);
        }
    }

    /// <summary>Starts an instance that has ended or was never started; one that waits stops waiting.</summary>
    public async Task StartAgain(Instance instance, CancellationToken cancellationToken)
    {
        if (StateOf(instance) == KnownResourceStates.Waiting)
        {
            instance.Force();
            return;
        }

        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            await Remove(instance, cancellationToken);
            await Start([instance], cancellationToken);
        }
        finally
        {
            instance.Gate.Release();
        }

        if (StateOf(instance) == KnownResourceStates.FailedToStart)
        {
            throw new DistributedApplicationException(
                $"Resource '{instance.Resource.Name}' failed to start; its log says why."
            );
        }
    }

    /// <summary>Stops an instance; returns when its process has ended.</summary>
    public async Task Stop(Instance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            await StopProcess(instance, cancellationToken);
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    public async Task Restart(Instance instance, CancellationToken cancellationToken)
    {
        await Stop(instance, cancellationToken);
        await StartAgain(instance, cancellationToken);
    }

    private async Task StopProcess(Instance instance, CancellationToken cancellationToken)
    {
        if (await FindObject(instance, cancellationToken) is null)
        {
            return;
        }

        await SetState([instance], KnownResourceStates.Stopping);
        await access.Client.StopExecutable(instance.Name, cancellationToken);
        await Until(
            async () =>
            {
                var item = await FindObject(instance, cancellationToken);
                if (item is not null && !DcpState.HasEnded(item.Status?.State))
                {
                    return false;
                }

                if (item is not null)
                {
                    await states.Apply(item, cancellationToken);
                }

                return true;
            },
            $"The process of '{instance.Name}' did not end within {EndLimit.TotalSeconds} s; end it by hand.",
            cancellationToken
        );
    }

    private async Task Remove(Instance instance, CancellationToken cancellationToken)
    {
        if (await FindObject(instance, cancellationToken) is not { } old)
        {
            return;
        }

        instance.Replaced[old.Metadata.Uid ?? ""] = true;
        await access.Client.Delete(DcpExecutable.Plural, instance.Name, cancellationToken);
        await Until(
            async () => await FindObject(instance, cancellationToken) is null,
            $"The process of '{instance.Name}' did not end within {EndLimit.TotalSeconds} s; end it by hand.",
            cancellationToken
        );
    }

    private Task<DcpExecutable?> FindObject(Instance instance, CancellationToken cancellationToken) =>
        access.Client.Find<DcpExecutable>(DcpExecutable.Plural, instance.Name, cancellationToken);

    private async Task WaitForOthers(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var instance in instances)
        {
            instance.ExpectForce();
        }

        var others = notifications.WaitForDependenciesAsync(
            instances[0].Resource,
            [.. instances.Select(instance => instance.Name)],
            stop.Token
        );
        var forced = instances.Select(instance => instance.Forced);
        var first = await Task.WhenAny([others, .. forced]);
        await stop.CancelAsync();
        await first;
    }

    private static void EnsureDirectPortsAreFree(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint is { IsProxied: false, Port: { } port } && !EndpointAllocator.IsFree(port))
            {
                throw new DistributedApplicationException(
                    $"Port {port}, which endpoint '{endpoint.Name}' of resource '{resource.Name}' needs, is in use by another program; stop that program or choose another port."
                );
            }
        }
    }

    private async Task Create(Instance instance, Launch launch, CancellationToken cancellationToken)
    {
        await states.SetLaunch(instance, launch);
        var annotations = new Dictionary<string, string>
        {
            [InstanceTemplates.ServiceNameAnnotation] = instance.Resource.Name,
            [InstanceTemplates.ServiceInstanceIdAnnotation] = instance.Identity.Suffix,
        };
        if (EndpointAllocator.ProducersOf(instance.Resource).ToArray() is { Length: > 0 } producers)
        {
            annotations[DcpServiceProducer.Annotation] = JsonSerializer.Serialize(producers, JsonSerializerOptions.Web);
        }

        var item = new DcpExecutable
        {
            Metadata = new DcpMetadata { Name = instance.Name, Annotations = annotations },
            Spec = new DcpExecutableSpec
            {
                ExecutablePath = launch.Program,
                WorkingDirectory = launch.Folder,
                Args = [.. launch.Arguments.Select(argument => argument.Value)],
                Env = launch.Variables,
            },
        };
        await access.Client.Create(DcpExecutable.Plural, item, cancellationToken);
    }

    private async Task Fail(IReadOnlyList<Instance> instances, Exception exception)
    {
        var resource = instances[0].Resource;
        foreach (var instance in instances)
        {
            if (exception is DistributedApplicationException)
            {
                logs.GetLogger(instance.Name).LogError("{Message}", exception.Message);
            }
            else
            {
                logs.GetLogger(instance.Name).LogError(exception, "The resource cannot be started.");
            }
        }

        logger.LogError("Resource '{Resource}' failed to start: {Reason}", resource.Name, exception.Message);
        foreach (var instance in instances)
        {
            await notifications.PublishUpdateAsync(
                resource,
                instance.Name,
                snapshot =>
                    snapshot with
                    {
                        State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                        StopTimeStamp = DateTime.UtcNow,
                    }
            );
        }
    }

    private async Task SetState(IEnumerable<Instance> instances, string state)
    {
        foreach (var instance in instances)
        {
            await notifications.PublishUpdateAsync(
                instance.Resource,
                instance.Name,
                snapshot => snapshot with { State = state }
            );
        }
    }

    private string? StateOf(Instance instance) =>
        notifications.TryGetCurrentState(instance.Name, out var current) ? current.Snapshot.State?.Text : null;

    private static async Task Until(Func<Task<bool>> isTrue, string otherwise, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EndLimit);
        try
        {
            while (!await isTrue())
            {
                await Task.Delay(Poll, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException(otherwise);
        }
    }
}
