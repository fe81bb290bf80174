using Npgsql;
using Shop.Testing;

namespace Shop.Search.Tests;

public sealed class MigrationTests(InfrastructureFixture infrastructure)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The price indexes are built concurrently, which waits for every statement that runs in the database.</summary>
    [Fact]
    public async Task Replicas_that_start_at_once_migrate_one_database_and_leave_valid_indexes()
    {
        var database = await infrastructure.CreateDatabaseAsync();

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunningSearch.MigrateAsync(database), Cancel))
        );

        await using var source = NpgsqlDataSource.Create(database);
        await using var invalid = source.CreateCommand("SELECT count(*) FROM pg_index WHERE NOT indisvalid");
        Assert.Equal(0L, await invalid.ExecuteScalarAsync(Cancel));
    }
}
