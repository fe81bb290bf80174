using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shop.ServiceDefaults;
using Shop.Storefront.Baskets;
using Shop.Storefront.Data;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Storefront.Tests;

/// <summary>The storefront's real, migrated database, without its pages.</summary>
internal sealed class StorefrontDatabase : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private StorefrontDatabase(string connectionString)
    {
        services = new ServiceCollection()
            .AddDbContext<StorefrontDbContext>(options =>
                options.UseNpgsql(connectionString).UseSnakeCaseNamingConvention()
            )
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<BasketStore>()
            .BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero));

    /// <summary>Each of its calls has a connection of its own, as a request has.</summary>
    public BasketStore Baskets => services.GetRequiredService<BasketStore>();

    public static async Task<StorefrontDatabase> CreateAsync(InfrastructureFixture infrastructure)
    {
        var connectionString = await infrastructure.CreateDatabaseAsync();
        var exitCode = await ModuleHost.RunAsync<StorefrontModule>([
            "migrate",
            "--ConnectionStrings:storefrontdb=" + connectionString,
            "--Logging:LogLevel:Default=None",
        ]);
        Assert.True(exitCode == 0, "The verb migrate failed; see standard error.");
        return new StorefrontDatabase(connectionString);
    }

    public StorefrontDbContext Open() => new(services.GetRequiredService<DbContextOptions<StorefrontDbContext>>());

    /// <summary>Waits until statements of other connections wait for a lock.</summary>
    public async Task WaitForLockAsync(CancellationToken cancellationToken, int waiting = 1)
    {
        await using var db = Open();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (
            await db
                .Database.SqlQuery<int>(
                    $"""
                    select count(*)::int as "Value" from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'
                    """
                )
                .SingleAsync(limit.Token) < waiting
        )
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
