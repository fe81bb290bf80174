using System.Runtime.ExceptionServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>An application of several resources.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private bool _started;

    /// <summary>Creates an application.</summary>
    /// <param name="host">What runs it.</param>
    public DistributedApplication(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>What is known about the resources.</summary>
    public ResourceNotificationService ResourceNotifications =>
        Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Executes commands on resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Creates a builder.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Creates a builder.</summary>
    /// <param name="args">The command line.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        new DistributedApplicationBuilder(args);

    /// <summary>Creates a builder.</summary>
    /// <param name="options">How the application is built.</param>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        new DistributedApplicationBuilder(options);

    /// <summary>Starts the application; returns when every resource was started or has failed.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="DistributedApplicationException">The engine cannot be started.</exception>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _started = true;
        await BeforeStart(cancellationToken);
        await _host.StartAsync(cancellationToken);
        if (Services.GetRequiredService<Orchestrator>().Failure is { } failure)
        {
            await StopAsync(CancellationToken.None);
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Stops the application and everything it started.</summary>
    /// <param name="cancellationToken">Ends the stop.</param>
    public virtual async Task StopAsync(CancellationToken cancellationToken = default)
    {
        _started = false;
        await _host.StopAsync(cancellationToken);
    }

    /// <summary>Runs the application until it is stopped.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs the application until it is stopped.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DistributedApplicationException">The engine cannot be started.</exception>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await StartAsync(cancellationToken);
            await _host.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the application, if it runs, and everything it started.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_started)
        {
            _started = false;
            await _host.StopAsync();
        }

        await ((IAsyncDisposable)_host).DisposeAsync();
        GC.SuppressFinalize(this);
    }

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    private async Task BeforeStart(CancellationToken cancellationToken)
    {
        Services
            .GetRequiredService<ILogger<DistributedApplication>>()
            .LogInformation("Distributed application starting.");
        var eventing = Services.GetRequiredService<IDistributedApplicationEventing>();
        var context = Services.GetRequiredService<DistributedApplicationExecutionContext>();
        var model = Services.GetRequiredService<DistributedApplicationModel>();
        ResourceInstances.Assign(model);
        foreach (var subscriber in Services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, context, cancellationToken);
        }

        await eventing.PublishAsync(new BeforeStartEvent(Services, model), cancellationToken);

        // Subscribers may have added resources.
        ResourceInstances.Assign(model);
    }
}
