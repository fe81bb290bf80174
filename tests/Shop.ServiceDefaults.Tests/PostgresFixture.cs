using Npgsql;

[assembly: AssemblyFixture(typeof(Shop.ServiceDefaults.Tests.PostgresFixture))]

namespace Shop.ServiceDefaults.Tests;

/// <summary>Fresh databases on a real server.</summary>
public sealed class PostgresFixture
{
    private readonly string _server =
        Environment.GetEnvironmentVariable("SHOP_TEST_POSTGRES")
        ?? throw new InvalidOperationException("Set SHOP_TEST_POSTGRES.");

    public async Task<string> CreateDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(_server);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new NpgsqlConnectionStringBuilder(_server) { Database = name }.ConnectionString;
    }
}
