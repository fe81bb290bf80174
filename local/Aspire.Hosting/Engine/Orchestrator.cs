using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Starts the engine and every resource with the application, and ends them with it.</summary>
internal sealed class Orchestrator(
    DcpAccess access,
    DcpWatcher watcher,
    EndpointAllocator endpoints,
    Instances instances,
    InstanceStarter starter,
    UrlPublisher urls,
    ParameterInitializer parameters,
    ConnectionStringPublisher connectionStrings,
    DistributedApplicationModel model,
    IDistributedApplicationEventing eventing,
    ResourceLoggerService logs,
    ResourceNotificationService notifications,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    EngineShutdown shutdown,
    ILogger<Orchestrator> logger
) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private Task? _stopped;

    /// <summary>Why the engine could not be started.</summary>
    public DistributedApplicationException? Failure { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            await Run(either.Token);
        }
        catch (DistributedApplicationException exception)
        {
            // The host would log the whole exception; the application throws it once everything is stopped.
            Failure = exception;
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Stopped while starting.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Stop();

    public async ValueTask DisposeAsync()
    {
        await Stop();
        access.Session?.Dispose();
        _stopping.Dispose();
    }

    private async Task Run(CancellationToken cancellationToken)
    {
        var dcp = StartDcp(cancellationToken);
        connectionStrings.Subscribe();
        await Announce(cancellationToken);
        access.Session = await dcp;
        _watching = watcher.Run(_stopping.Token);

        var processes = model.Resources.Where(ResourceInstances.RunsAsProcess).ToArray();
        await endpoints.Allocate(access.Client, [.. processes.Cast<IResourceWithEndpoints>()], cancellationToken);
        foreach (var resource in model.Resources)
        {
            await urls.Publish(resource, cancellationToken);
        }

        foreach (var resource in processes)
        {
            await PublishAllocated(resource, cancellationToken);
        }

        await Task.WhenAll(
            instances
                .ByResource.Where(group => !IsStartedByCommand(group.Key))
                .Select(group => starter.Start([.. group], cancellationToken))
        );
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    private async Task<DcpSession> StartDcp(CancellationToken cancellationToken)
    {
        var bundle = await AspireBundle.EnsureAsync(logger, cancellationToken);
        return await DcpSession.Start(bundle.Dcp, cancellationToken);
    }

    /// <summary>Shows every resource, and lets it set itself up.</summary>
    private async Task Announce(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.ToArray())
        {
            if (ResourceInstances.RunsAsProcess(resource))
            {
                LifecycleCommands.AddTo(resource);
            }

            await notifications.PublishUpdateAsync(
                resource,
                snapshot =>
                    IsStartedByCommand(resource) && snapshot.State is null
                        ? snapshot with
                        {
                            State = KnownResourceStates.NotStarted,
                        }
                        : snapshot with
                        { }
            );
            if (resource is ParameterResource parameter)
            {
                await parameters.Initialize(parameter);
            }

            await eventing.PublishAsync(
                new InitializeResourceEvent(resource, eventing, logs, notifications, services),
                EventDispatchBehavior.NonBlockingConcurrent,
                cancellationToken
            );
        }
    }

    private async Task PublishAllocated(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);
            foreach (var part in Hierarchy.From(resource, model))
            {
                if (part is IResourceWithConnectionString)
                {
                    await eventing.PublishAsync(new ConnectionStringAvailableEvent(part, services), cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logs.GetLogger(resource)
                .LogError(exception, "What was to be done when '{Resource}' has its addresses failed.", resource.Name);
        }
    }

    private static bool IsStartedByCommand(IResource resource) =>
        resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    private Task Stop() => _stopped ??= StopOnce();

    private async Task StopOnce()
    {
        await _stopping.CancelAsync();
        await _watching;
        if (access.Session is { } session)
        {
            await shutdown.End(session);
        }
    }
}
