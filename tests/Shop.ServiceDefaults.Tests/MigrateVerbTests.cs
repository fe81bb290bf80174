using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Testing;

namespace Shop.ServiceDefaults.Tests;

public sealed class MigrateVerbTests(InfrastructureFixture postgres) : IClassFixture<InfrastructureFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_gets_its_tables_and_its_seed()
    {
        var database = await postgres.CreateDatabaseAsync();

        var run = await MigrateAsync(database, SeedOnceAsync);

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("^things: thingsdb is up to date, 1 migrations applied in [0-9.]+ s\\.\n$", run.Output);
        Assert.Equal(1, await CountAsync(database));
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var database = await postgres.CreateDatabaseAsync();
        await MigrateAsync(database, SeedOnceAsync);

        var run = await MigrateAsync(database, SeedOnceAsync);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("0 migrations applied", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(database));
    }

    [Fact]
    public async Task Runs_at_once_take_turns()
    {
        var database = await postgres.CreateDatabaseAsync();

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(database, SeedOnceAsync)));

        Assert.All(runs, run => Assert.Equal("", run.Error));
        Assert.Equal(1, runs.Count(run => run.Output.Contains(" 1 migrations", StringComparison.Ordinal)));
        Assert.Equal(1, await CountAsync(database));
    }

    [Fact]
    public async Task A_failure_is_one_sentence_and_exit_code_1()
    {
        var database = await postgres.CreateDatabaseAsync();

        var run = await MigrateAsync(
            database,
            (_, _, _) => throw new InvalidOperationException("The seed\nis broken.")
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("things: thingsdb could not be migrated: The seed is broken.\n", run.Error);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_waited_for_for_ever()
    {
        var run = await MigrateAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=none", SeedOnceAsync);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("did not answer within 0 s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_run_logs_no_errors()
    {
        var database = await postgres.CreateDatabaseAsync();
        var log = new LogLines();

        var run = await MigrateAsync(database, SeedOnceAsync, builder => builder.Logging.AddProvider(log));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_wait_is_told_once_and_logged_never()
    {
        var log = new LogLines();

        var run = await MigrateAsync(
            "Host=127.0.0.1;Port=1;Username=nobody;Database=none",
            SeedOnceAsync,
            builder =>
            {
                builder.Configuration["Migrate:WaitSeconds"] = "1";
                builder.Logging.AddProvider(log);
            }
        );

        Assert.Matches("^things: waiting up to 1 s for thingsdb: [^\n]+\n$", run.Output);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task The_verb_starts_no_background_work()
    {
        var database = await postgres.CreateDatabaseAsync();
        var service = new Background();

        var run = await MigrateAsync(
            database,
            SeedOnceAsync,
            builder => builder.Services.AddHostedService(_ => service)
        );

        Assert.Equal(0, run.ExitCode);
        Assert.False(service.Started);
    }

    [Fact]
    public async Task A_service_can_migrate_before_it_serves()
    {
        var database = await postgres.CreateDatabaseAsync();
        string[] settings =
        [
            $"--ConnectionStrings:thingsdb={database}",
            "--Migrate:AtStart=true",
            "--urls=http://127.0.0.1:0",
            "--Identity:Issuer=https://shop.test/",
        ];

        var serving = ModuleHost.RunAsync<StoppingModule>(settings);

        Assert.Equal(0, await serving.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        Assert.Equal(1, await CountAsync(database));
        Assert.False(StopAtOnce.LogsCommands, "A service that has migrated logs each command to its database.");
        Assert.True(StopAtOnce.LogsErrors, "A service that has migrated keeps its database's errors to itself.");
    }

    [Fact]
    public async Task A_service_whose_migration_fails_does_not_serve()
    {
        string[] settings =
        [
            "--ConnectionStrings:thingsdb=Host=127.0.0.1;Port=1;Username=nobody;Database=none",
            "--Migrate:AtStart=true",
            "--Migrate:WaitSeconds=0",
        ];

        var serving = ModuleHost.RunAsync<StoppingModule>(settings);

        Assert.Equal(1, await serving.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
    }

    /// <summary>Serves, and stops at once.</summary>
    private sealed class StoppingModule : IModule
    {
        public static string Name => "things";

        public static void AddServices(IHostApplicationBuilder builder)
        {
            builder.AddModuleDatabase<ThingsContext>("thingsdb", SeedOnceAsync);
            builder.Services.AddHostedService<StopAtOnce>();
        }

        public static void MapEndpoints(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder endpoints) { }
    }

    private sealed class StopAtOnce(IHostApplicationLifetime lifetime, ILoggerFactory logs) : BackgroundService
    {
        public static bool? LogsCommands { get; private set; }

        public static bool? LogsErrors { get; private set; }

        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var commands = logs.CreateLogger("Microsoft.EntityFrameworkCore.Database.Command");
            (LogsCommands, LogsErrors) = (commands.IsEnabled(LogLevel.Information), commands.IsEnabled(LogLevel.Error));
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_database_is_a_dependency_by_its_name()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var host = await TestHost.StartAsync(configure: builder =>
            AddThings(builder, database, seed: null)
        );
        await using var broken = await TestHost.StartAsync(configure: builder =>
            AddThings(builder, "Host=127.0.0.1;Port=1;Username=nobody;Database=none", seed: null)
        );

        Assert.Contains(
            """{"name":"thingsdb","ready":true""",
            await host.Client.GetStringAsync("/ready", Cancel),
            StringComparison.Ordinal
        );
        using var response = await broken.Client.GetAsync("/ready", Cancel);
        Assert.Contains(
            """{"name":"thingsdb","ready":false""",
            await response.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
    }

    private static async Task<Run> MigrateAsync(
        string connectionString,
        Func<ThingsContext, IServiceProvider, CancellationToken, Task> seed,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Migrate:WaitSeconds"] = "0";
        builder.AddServiceDefaults();
        AddThings(builder, connectionString, seed);
        configure?.Invoke(builder);
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await ServiceDefaults.Data.Migrations.RunAsync("things", builder, output, error);
        return new Run(exitCode, output.ToString(), error.ToString());
    }

    private static void AddThings(
        WebApplicationBuilder builder,
        string connectionString,
        Func<ThingsContext, IServiceProvider, CancellationToken, Task>? seed
    )
    {
        builder.Configuration["ConnectionStrings:thingsdb"] = connectionString;
        builder.AddModuleDatabase("thingsdb", seed);
    }

    // Idempotent only as long as nobody else runs it at the same time, as seeds are.
    private static async Task SeedOnceAsync(
        ThingsContext database,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        if (!await database.Things.AnyAsync(cancellationToken))
        {
            database.Add(new Thing { Id = Guid.CreateVersion7(), GivenName = "first" });
            await database.SaveChangesAsync(cancellationToken);
        }
    }

    private static async Task<long> CountAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT count(given_name) FROM things");
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private sealed record Run(int ExitCode, string Output, string Error);

    private sealed class Background : IHostedService
    {
        public bool Started { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
