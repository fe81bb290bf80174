using Npgsql;

namespace Shop.Ordering.Tests.Support;

/// <summary>One ordering service for all tests that need one; each test is a user of its own.</summary>
[CollectionDefinition]
public sealed class OrderingService : ICollectionFixture<OrderingFixture>;

/// <inheritdoc cref="OrderingService" />
public sealed class OrderingFixture : IAsyncLifetime
{
    public OrderingApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        App = await OrderingApp.StartAsync(await CreateDatabaseAsync());

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    internal static async Task<string> CreateDatabaseAsync()
    {
        var server =
            Environment.GetEnvironmentVariable("SHOP_TEST_POSTGRES")
            ?? throw new InvalidOperationException(
                "Set SHOP_TEST_POSTGRES to a connection string."
            );
        var name = $"ordering_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }
}
