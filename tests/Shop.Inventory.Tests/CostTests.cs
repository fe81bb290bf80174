using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Shop.Inventory.Data;
using Shop.Testing;

namespace Shop.Inventory.Tests;

/// <summary>
/// How often the database is asked for one message, the inbox, begin and commit not counted. The rows of a product that
/// everybody buys are locked for some of these round trips, so each one more makes the shop slower.
/// </summary>
public sealed class CostTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly RoundTrips _roundTrips = new();
    private InventoryApp _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await InventoryApp.StartAsync(
            infrastructure,
            services => services.ConfigureDbContext<InventoryDbContext>(options => options.AddInterceptors(_roundTrips))
        );

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Every_message_takes_three_round_trips_however_many_lines_the_order_has(int lines)
    {
        var order = Guid.CreateVersion7();
        var items = new List<(Guid, int)>();
        for (var i = 0; i < lines; i++)
        {
            items.Add((await _app.AddProductAsync(10), 1));
        }

        Assert.Equal(3, await CountAsync(() => _app.ReserveAsync(order, [.. items])));
        Assert.Equal(3, await CountAsync(() => _app.CommitAsync(order)));
        Assert.Equal(3, await CountAsync(() => _app.ReleaseAsync(order)));
    }

    private async Task<int> CountAsync(Func<Task> work)
    {
        _roundTrips.Count = 0;
        await work();
        return _roundTrips.Count;
    }

    private sealed class RoundTrips : DbCommandInterceptor
    {
        public int Count { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            Count++;
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            Count++;
            return ValueTask.FromResult(result);
        }
    }
}
