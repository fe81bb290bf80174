using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>A builder that a test changes and then builds.</summary>
internal abstract class TestingBuilder : IDistributedApplicationTestingBuilder
{
    public ConfigurationManager Configuration => Inner.Configuration;

    public string AppHostDirectory => Inner.AppHostDirectory;

    public Assembly? AppHostAssembly => Inner.AppHostAssembly;

    public IHostEnvironment Environment => Inner.Environment;

    public IServiceCollection Services => Inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext => Inner.ExecutionContext;

    public IDistributedApplicationEventing Eventing => Inner.Eventing;

    public IResourceCollection Resources => Inner.Resources;

    protected abstract DistributedApplicationBuilder Inner { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => Inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => Inner.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public abstract Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public abstract ValueTask DisposeAsync();
}

/// <summary>The builder of an AppHost whose entry point waits in its call of Build.</summary>
internal sealed class AppHostTestingBuilder(DistributedApplicationBuilder inner, AppHostRun run) : TestingBuilder
{
    protected override DistributedApplicationBuilder Inner => inner;

    public override Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        run.ApplicationAsync(cancellationToken);

    public override ValueTask DisposeAsync() => run.DisposeAsync();
}

/// <summary>A builder of the test's own.</summary>
internal sealed class OwnTestingBuilder : TestingBuilder
{
    private DistributedApplication? _application;

    public OwnTestingBuilder(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder
    )
    {
        BuilderObserver.Current = new Configurator(args, configureBuilder);
        try
        {
            Inner = new DistributedApplicationBuilder(args);
        }
        finally
        {
            BuilderObserver.Current = null;
        }

        Services.AddHttpClient();
    }

    protected override DistributedApplicationBuilder Inner { get; }

    public override Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(_application = Inner.Build());

    public override ValueTask DisposeAsync() => _application?.DisposeAsync() ?? default;

    private sealed class Configurator(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder
    ) : BuilderObserver
    {
        public override void OnCreating(
            DistributedApplicationOptions options,
            HostApplicationBuilderSettings settings
        ) => TestingDefaults.Apply(options, settings, null, args, configureBuilder);

        public override void OnCreated(DistributedApplicationBuilder builder) { }

        public override void OnBuilding(DistributedApplicationBuilder builder) { }

        public override DistributedApplication OnBuilt(DistributedApplication application) => application;
    }
}
