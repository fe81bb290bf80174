using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Local.Aspire.Tests;

[assembly: AssemblyFixture(typeof(AppHostFixture))]

namespace Shop.Local.Aspire.Tests;

/// <summary>The test AppHost, started once in this process as an integration test would start it.</summary>
public sealed class AppHostFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _application;

    public DistributedApplication Application => _application!;

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_Local_Aspire_TestAppHost>(
            limit.Token
        );
        _application = await _builder.BuildAsync(limit.Token);
        await _application.StartAsync(limit.Token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("caller", limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await (_application?.DisposeAsync() ?? default);
        await (_builder?.DisposeAsync() ?? default);
    }

    public IResource Resource(string name) =>
        Application
            .Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.Single(resource => resource.Name == name);

    public IReadOnlyList<CustomResourceSnapshot> Snapshots(string name) =>
        [
            .. ResourceInstances
                .NamesOf(Resource(name))
                .Select(id =>
                    Application.ResourceNotifications.TryGetCurrentState(id, out var current)
                        ? current.Snapshot
                        : throw new InvalidOperationException($"Nothing is known about {id}.")
                ),
        ];

    public Dictionary<string, string?> Variables(string name) =>
        Snapshots(name)[0]
            .EnvironmentVariables.Where(variable => variable.IsFromSpec)
            .ToDictionary(variable => variable.Name, variable => variable.Value);
}
