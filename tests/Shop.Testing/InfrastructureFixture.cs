using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Shop.Testing;

/// <summary>The shop without its services: real PostgreSQL, cache, Service Bus and mail, for tests of one part alone.</summary>
public sealed class InfrastructureFixture : ShopFixture
{
    /// <inheritdoc />
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
            builder.Resources.Remove(service);
    }

    /// <summary>Makes an empty database and returns a connection string for it, with the right to do anything.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var server = await GetConnectionStringAsync("postgres");
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection($"{server};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return $"{server};Database={name}";
    }
}
