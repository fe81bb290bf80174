using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Starts instances through DCP.</summary>
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
}
