using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Shop.Testing;

/// <summary>The shop without its services: real PostgreSQL, cache, Service Bus and mail, for tests of one part alone.</summary>
public sealed class InfrastructureFixture : ShopFixture
{
    // Entity Framework keeps a pool of connections per database until the process ends, and the server is shared by all
    // tests. The long timeout is for tests in which many more callers than that fight.
    private const string Pool =
        "Maximum Pool Size=25;Connection Idle Lifetime=2;Connection Pruning Interval=1;Timeout=60";

    // Copying the template is a matter of the disk, which other programs may keep busy.
    private const int CreateSeconds = 120;

    private bool _hasDatabases;

    /// <inheritdoc />
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
            builder.Resources.Remove(service);

        // As a process it runs on data that are thrown away. A database per test is hundreds of files each, and bringing all
        // of them safely to the disk at the end would take longer than the tests.
        foreach (var server in builder.Resources.OfType<ExecutableResource>().Where(one => one.Name == "postgres"))
            builder.CreateResourceBuilder(server).WithArgs("-c", "fsync=off");
    }

    /// <summary>Makes an empty database and returns a connection string for it, with the right to do anything.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var server = await GetConnectionStringAsync("postgres");
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = await OpenAsync(server);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        create.CommandTimeout = CreateSeconds;
        await create.ExecuteNonQueryAsync();
        _hasDatabases = true;
        return $"{server};Database={name};{Pool}";
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_hasDatabases)
                await CloseConnectionsAsync();
        }
        finally
        {
            await base.DisposeAsync();
        }
    }

    // PostgreSQL does not stop before its last client has gone, and pools outlive the services they were made for.
    private async Task CloseConnectionsAsync()
    {
        await using var connection = await OpenAsync(await GetConnectionStringAsync("postgres"));
        await using var close = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test\\_%'",
            connection
        );
        await close.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(string server)
    {
        var connection = new NpgsqlConnection($"{server};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
