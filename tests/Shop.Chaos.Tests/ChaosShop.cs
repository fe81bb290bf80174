using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(Shop.Chaos.Tests.ChaosShop))]

namespace Shop.Chaos.Tests;

/// <summary>The whole shop, which these tests may break, one after the other: all are in one collection.</summary>
public sealed class ChaosShop : ShopFixture
{
    // Longer than the gateway's own limit for a silent service.
    private static readonly TimeSpan s_requestLimit = TimeSpan.FromSeconds(20);

    private HttpClient? _http;

    internal HttpClient Http =>
        _http ??= new HttpClient { BaseAddress = Application.GetEndpoint("gateway", "http"), Timeout = s_requestLimit };

    /// <summary>Every row of a query in the database of a context.</summary>
    internal async Task<List<T>> ReadAsync<T>(string database, string sql, Func<NpgsqlDataReader, T> row)
    {
        // No pool: its connections do not survive the server.
        await using var connection = new NpgsqlConnection(
            $"{await GetConnectionStringAsync(database)};Pooling=false;Timeout=5;Command Timeout=20"
        );
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    /// <inheritdoc />
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // A service that starts while its database is away waits for it, as it does where nobody but itself waits.
        builder.Services.Configure<ResourceNotificationServiceOptions>(options =>
            options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable
        );
        // That somebody is away, and what cannot start because of it, is the tests' own doing.
        builder.Services.AddLogging(logging =>
            logging
                .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
                .AddFilter("Aspire.Hosting.Dcp", LogLevel.None)
        );
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await base.DisposeAsync();
    }
}
