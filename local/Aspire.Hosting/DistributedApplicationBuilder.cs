using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <inheritdoc />
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationExecutionContextOptions _contextOptions;
    private readonly DistributedApplicationEventing _eventing = new();
    private readonly ResourceCollection _resources = [];
    private bool _built;

    /// <summary>Creates a builder.</summary>
    /// <param name="args">The command line.</param>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args }) { }

    /// <summary>Creates a builder.</summary>
    /// <param name="options">How the application is built.</param>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        BuilderObserver.Current?.OnCreating(options, settings);

        AppHostAssembly = AppHost.FindAssembly(options);
        AppHostDirectory = AppHost.FindDirectory(options, AppHostAssembly);
        settings.ContentRootPath = AppHostDirectory;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        _host = new HostApplicationBuilder(settings);

        _contextOptions = new DistributedApplicationExecutionContextOptions(PublishMode.Refuse(Configuration));
        ExecutionContext = new DistributedApplicationExecutionContext(_contextOptions);
        Configuration["AppHost:Directory"] = AppHostDirectory;
        AddLogging();
        AddServices(options);
        BuilderObserver.Current?.OnCreated(this);
    }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing => _eventing;

    /// <inheritdoc />
    public IResourceCollection Resources => _resources;

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        if (_built)
        {
            throw new InvalidOperationException("The application is already built.");
        }

        _built = true;
        var observer = BuilderObserver.Current;
        observer?.OnBuilding(this);
        var application = new DistributedApplication(_host.Build());
        _contextOptions.ServiceProvider = application.Services;
        _eventing.Logger = application.Services.GetRequiredService<ILogger<DistributedApplicationEventing>>();
        return observer?.OnBuilt(application) ?? application;
    }

    private void AddLogging()
    {
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A resource that is not healthy yet is no news, and the reports say the rest.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        _host.Logging.AddFilter("Grpc", LogLevel.Error);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
    }

    private void AddServices(DistributedApplicationOptions options)
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton<IDistributedApplicationEventing>(_eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(_resources));
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(provider => new ResourceCommandService(
            provider.GetRequiredService<ResourceNotificationService>(),
            provider.GetRequiredService<ResourceLoggerService>(),
            provider
        ));

        // With a dashboard somebody sees what failed and can start it again; without, a wait would be for ever.
        Services.Configure<ResourceNotificationServiceOptions>(waits =>
            waits.DefaultWaitBehavior = options.DisableDashboard
                ? WaitBehavior.StopOnResourceUnavailable
                : WaitBehavior.WaitOnResourceUnavailable
        );
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        Services.AddHealthChecks();
        Services.AddHostedService<ResourceHealthService>();
        if (options.EnableResourceLogging)
        {
            Services.AddHostedService<ResourceLogForwarder>();
        }

        if (!options.DisableDashboard)
        {
            Services.AddDashboard(Configuration);
        }

        // Last: it returns when everything was started, for which the others are needed.
        Services.AddEngine();
    }
}
