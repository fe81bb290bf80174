using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Shop.Testing;

/// <summary>
/// The AppHost, started once for all tests of an assembly on empty data and random ports, so that several can run side
/// by side. Fails within its limit and names what did not become healthy.
/// </summary>
public class ShopFixture : IAsyncLifetime
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    /// <summary>The folder of all data: databases, the bus, mails.</summary>
    public string Data { get; } = Path.Combine(Path.GetTempPath(), $"shop-test-{Guid.NewGuid():N}");
    private DistributedApplication? _application;

    /// <summary>The running application; its resources can be asked for, stopped and started.</summary>
    public DistributedApplication Application =>
        _application ?? throw new InvalidOperationException("The shop has not been started yet.");

    /// <summary>Starts the AppHost and waits until every resource that has a health check is healthy.</summary>
    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_AppHost>(
            [$"--Shop:DataDirectory={Data}", .. Arguments],
            limit.Token
        );
        // Console logs of every resource would bury the tests' own output. Their level says nothing: what a program writes to
        // standard error counts as an error, and PostgreSQL writes all of its log there.
        builder.Services.AddLogging(logging =>
            logging.AddFilter("Shop.AppHost.Resources", LogLevel.None).AddFilter("System.Net.Http", LogLevel.Warning)
        );
        // Tests are quicker than people, and all of them come from one address.
        foreach (var gateway in builder.Resources.OfType<ProjectResource>().Where(one => one.Name == "gateway"))
        {
            builder
                .CreateResourceBuilder(gateway)
                .WithEnvironment("Gateway__RateLimits__Reads__Burst", "1000000")
                .WithEnvironment("Gateway__RateLimits__Writes__Burst", "1000000")
                .WithEnvironment("Gateway__RateLimits__SignIns__Burst", "1000000")
                .WithEnvironment("Gateway__RateLimits__SignInsPerAccount__Burst", "1000000");
        }

        // And their passwords are worth nothing.
        foreach (var users in builder.Resources.OfType<ProjectResource>().Where(one => one.Name == "users"))
            builder.CreateResourceBuilder(users).WithEnvironment("Identity__PasswordHashRounds", "1000");

        Configure(builder);
        _application = await builder.BuildAsync(limit.Token);
        await _application.StartAsync(limit.Token);

        var waiting = builder
            .Resources.Where(resource => resource.Annotations.OfType<HealthCheckAnnotation>().Any())
            .ToDictionary(
                resource => resource.Name,
                resource => _application.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, limit.Token)
            );
        try
        {
            await Task.WhenAll(waiting.Values);
        }
        catch (OperationCanceledException)
        {
            var late = string.Join(
                ", ",
                waiting.Where(wait => !wait.Value.IsCompletedSuccessfully).Select(wait => wait.Key)
            );
            throw new TimeoutException($"Not healthy after {s_startLimit.TotalMinutes:0} minutes: {late}.");
        }
    }

    /// <summary>More command-line arguments for the AppHost, such as <c>--Shop:Fresh=true</c>.</summary>
    protected virtual IEnumerable<string> Arguments => [];

    /// <summary>Changes the application before it is built: takes resources away, sets variables.</summary>
    protected virtual void Configure(IDistributedApplicationTestingBuilder builder) { }

    /// <summary>The connection string that a service gets for a resource, such as <c>orderingdb</c>.</summary>
    public async Task<string> GetConnectionStringAsync(string name) =>
        await Application.GetConnectionStringAsync(name)
        ?? throw new InvalidOperationException($"{name} has no connection string.");

    /// <summary>Stops everything that was started and removes its data.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
        GC.SuppressFinalize(this);
    }
}
