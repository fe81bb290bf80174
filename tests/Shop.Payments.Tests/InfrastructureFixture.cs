using Npgsql;
using Shop.Payments.Tests;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Payments.Tests;

/// <summary>A real PostgreSQL server, on which each class of tests gets a database of its own.</summary>
public sealed class InfrastructureFixture
{
    private readonly string _server =
        Environment.GetEnvironmentVariable("SHOP_TEST_POSTGRES")
        ?? throw new InvalidOperationException(
            "Set SHOP_TEST_POSTGRES to the connection string of a PostgreSQL server that these tests may create databases on."
        );

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"payments_{Guid.NewGuid():N}";
        await using var server = NpgsqlDataSource.Create(_server);
        await using var create = server.CreateCommand($"CREATE DATABASE {name}");
        // Copying the template is a matter of the disk, which other tests keep busy.
        create.CommandTimeout = 120;
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new NpgsqlConnectionStringBuilder(_server) { Database = name }.ConnectionString;
    }
}
