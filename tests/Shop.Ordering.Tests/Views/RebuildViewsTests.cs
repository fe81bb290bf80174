using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;
using Shop.Ordering.Views;
using Shop.Testing;

namespace Shop.Ordering.Tests.Views;

/// <summary>On services of their own, as the verb works on the whole database.</summary>
public sealed class RebuildViewsTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _user = Guid.CreateVersion7();
    private OrderingApp _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await OrderingApp.StartAsync(await infrastructure.CreateDatabaseAsync());
        _client = _app.ClientOf(_user);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Lost_spoilt_and_stray_rows_are_put_right_and_right_ones_left_alone()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            ids.Insert(0, await PlaceAsync());
            await _app.ReceiveAsync(new StockReserved(ids[0]));
            await _app.ReceiveAsync(new PaymentSucceeded(ids[0]));
            await _app.ProjectAsync(ids[0]);
        }

        var before = (await ListAsync()).ToString();
        await _app.InDatabaseAsync(async db =>
        {
            await db.OrderViews.Where(view => view.OrderId == ids[0]).ExecuteDeleteAsync();
            await db.OrderItemViews.Where(item => item.OrderId == ids[1]).ExecuteDeleteAsync();
            await db.Database.ExecuteSqlAsync(
                $"UPDATE order_views SET total = 1, status = 4 WHERE order_id = {ids[2]}"
            );
        });
        await _app.ReceiveAsync(new PlacedOrder(Guid.CreateVersion7(), _user, [], 1m, "USD", DateTimeOffset.UtcNow));
        Assert.NotEqual(before, (await ListAsync()).ToString());

        var (orders, corrected) = await RebuildAsync();
        var again = await RebuildAsync();

        Assert.Equal(before, (await ListAsync()).ToString());
        // A view, a line, a view's total and its status, a stray view, and the four products that Catalog told nothing of.
        Assert.Equal((4, 9), (orders, corrected));
        Assert.Equal((4, 0), again);
    }

    [Fact]
    public async Task Events_that_come_while_the_views_are_rebuilt_are_not_lost()
    {
        var ids = new List<Guid>();
        var first = await PlaceAsync();
        await _app.ProjectAsync(first);

        using var stop = new CancellationTokenSource();
        var rebuilding = RebuildUntilAsync(stop.Token);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 60),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 4,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (number, _) =>
            {
                var id = await PlaceAsync();
                lock (ids)
                {
                    ids.Add(id);
                }

                await _app.ReceiveAsync(new StockReserved(id));
                if (number % 3 == 0)
                {
                    await _app.ReceiveAsync(new PaymentSucceeded(id));
                }

                await _app.ProjectAsync(id, newestFirst: number % 2 == 0);
            }
        );
        await stop.CancelAsync();
        Assert.True(await rebuilding > 0, "The views were not rebuilt once in the meantime.");

        var list = await _client.GetJsonAsync("/api/orders?pageSize=100");
        Assert.Equal(61, list.GetProperty("total").GetInt32());
        Assert.Equal(ids.Append(first).Order(), Ids(list).Order());
        Assert.Equal(
            20,
            list.GetProperty("items").EnumerateArray().Count(order => order.Text("status") == "Confirmed")
        );
        Assert.All(
            list.GetProperty("items").EnumerateArray(),
            order => Assert.Equal(1, order.GetProperty("items").GetArrayLength())
        );
    }

    private async Task<int> RebuildUntilAsync(CancellationToken stop)
    {
        for (var rounds = 0; ; rounds++)
        {
            if (stop.IsCancellationRequested)
            {
                return rounds;
            }

            await RebuildAsync();
        }
    }

    private Task<(long Orders, long Corrected)> RebuildAsync() =>
        _app.InDatabaseAsync(db => new RebuildViews(db).RebuildAsync(TestContext.Current.CancellationToken));

    private Task<Guid> PlaceAsync() => _client.PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private Task<JsonElement> ListAsync() => _client.GetJsonAsync("/api/orders");

    private static IEnumerable<Guid> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(order => order.GetProperty("id").GetGuid());
}
