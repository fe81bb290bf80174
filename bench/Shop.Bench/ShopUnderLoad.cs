using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.EmbeddedPostgres;

namespace Shop.Bench;

/// <summary>A shop that was started for a measurement, on data that are thrown away.</summary>
internal sealed class ShopUnderLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    // Kept, since each new one asks the server for all its types.
    private readonly Dictionary<string, NpgsqlDataSource> _sources = [];
    private readonly string _data;
    private readonly DistributedApplication _application;

    private ShopUnderLoad(string data, DistributedApplication application) =>
        (_data, _application) = (data, application);

    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="configure">Changes what is started, and how.</param>
    /// <param name="withDashboard">Starts the dashboard, too, and has everything export its telemetry there.</param>
    public static async Task<ShopUnderLoad> StartAsync(
        CancellationToken cancellationToken,
        Action<IDistributedApplicationTestingBuilder>? configure = null,
        bool withDashboard = false
    )
    {
        if (!OperatingSystem.IsLinux())
            throw new TimeoutException("This measurement reads /proc: it needs Linux.");
        Console.WriteLine("starting the shop on empty data");
        var data = Directory.CreateTempSubdirectory("shop-bench-").FullName;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_AppHost>(
            [
                $"--Shop:DataDirectory={data}",
                $"--Shop:GatewayPort={FreePort.Next()}",
                .. withDashboard ? DashboardArguments() : [],
            ],
            (options, _) =>
            {
                // What the services log nobody reads here.
                options.EnableResourceLogging = false;
                options.DisableDashboard = !withDashboard;
            },
            limit.Token
        );
        builder.Services.AddLogging(logging =>
            logging
                .AddFilter("System.Net.Http", LogLevel.Warning)
                // What is not ready yet is no failure.
                .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
        );
        foreach (var server in builder.Resources.OfType<ExecutableResource>().Where(one => one.Name == "postgres"))
            builder.CreateResourceBuilder(server).WithArgs("-c", "shared_preload_libraries=pg_stat_statements");
        // Requests are counted as ever, but the load is not to be refused.
        foreach (var gateway in builder.Resources.OfType<ProjectResource>().Where(one => one.Name == "gateway"))
        {
            builder
                .CreateResourceBuilder(gateway)
                .WithEnvironment("Gateway__RateLimits__Reads__Burst", "100000000")
                .WithEnvironment("Gateway__RateLimits__Writes__Burst", "100000000")
                .WithEnvironment("Gateway__RateLimits__SignIns__Burst", "1000000")
                .WithEnvironment("Gateway__RateLimits__SignInsPerAccount__Burst", "1000000");
        }
        // Nor is what the AppHost does for a quick start in development.
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            builder
                .CreateResourceBuilder(service)
                .WithEnvironment(context => context.EnvironmentVariables.Remove("DOTNET_TieredPGO"));
        }
        // Nor are passwords what is measured.
        foreach (var users in builder.Resources.OfType<ProjectResource>().Where(one => one.Name == "users"))
            builder.CreateResourceBuilder(users).WithEnvironment("Identity__PasswordHashRounds", "1000");
        configure?.Invoke(builder);
        var application = await builder.BuildAsync(limit.Token);
        await application.StartAsync(limit.Token);
        var healthy = builder
            .Resources.Where(resource => resource.Annotations.OfType<HealthCheckAnnotation>().Any())
            .Where(resource => !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            .Select(resource =>
                application.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, limit.Token)
            );
        await Task.WhenAll(healthy);
        return new ShopUnderLoad(data, application);
    }

    // What the AppHost's launch profile says, on ports of its own.
    private static string[] DashboardArguments() =>
        [
            $"--ASPNETCORE_URLS=http://127.0.0.1:{FreePort.Next()}",
            $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:{FreePort.Next()}",
            $"--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://127.0.0.1:{FreePort.Next()}",
            "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true",
        ];

    public Uri Address(string service) => _application.GetEndpoint(service, "http");

    public HttpClient Http(string service) => _application.CreateHttpClient(service, "http");

    public async Task<string> ConnectionStringAsync(string name) =>
        await _application.GetConnectionStringAsync(name)
        ?? throw new InvalidOperationException($"{name} has no connection string.");

    /// <summary>The single value of a query in a database, such as <c>orderingdb</c>, or in the server as its administrator.</summary>
    public async Task<T> QueryAsync<T>(string database, string sql, params object[] parameters)
    {
        if (!_sources.TryGetValue(database, out var source))
            _sources.Add(database, source = NpgsqlDataSource.Create(await ConnectionStringAsync(database)));
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
            await source.DisposeAsync();
        await _application.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
