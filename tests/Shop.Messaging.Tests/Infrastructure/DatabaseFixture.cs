using Npgsql;

[assembly: AssemblyFixture(typeof(Shop.Messaging.Tests.DatabaseFixture))]

namespace Shop.Messaging.Tests;

/// <summary>Fresh databases on a real server.</summary>
public sealed class DatabaseFixture
{
    private static string Server =>
        Environment.GetEnvironmentVariable("SHOP_TEST_POSTGRES")
        ?? throw new InvalidOperationException("Set SHOP_TEST_POSTGRES.");

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822")]
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(Server);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new NpgsqlConnectionStringBuilder(Server) { Database = name }.ConnectionString;
    }
}
