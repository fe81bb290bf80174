using Shop.Inventory.Domain;
using Shop.Inventory.Messages;
using Shop.Testing;

namespace Shop.Inventory.Tests;

public sealed class ConcurrencyTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private InventoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await InventoryApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Of_200_buyers_of_the_last_10_items_10_get_one_and_the_ledger_equals_the_stock()
    {
        var tea = await _app.AddProductAsync(10);
        Guid[] orders = [.. Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7())];

        await AllAtOnceAsync(orders, order => _app.ReserveAsync(order, (tea, 1)));

        var replies = await RepliesAsync(orders);
        Assert.Equal(10, replies.Count(type => type == StockReserved.Type));
        Assert.Equal(190, replies.Count(type => type == StockReservationFailed.Type));
        var stock = await _app.StockAsync(tea);
        Assert.Equal((0, 10), (stock.Available, stock.Reserved));
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Orders_with_the_same_products_in_opposite_order_do_not_block_each_other()
    {
        var (tea, cup) = (await _app.AddProductAsync(100), await _app.AddProductAsync(100));
        Guid[] orders = [.. Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7())];

        await AllAtOnceAsync(
            orders,
            order =>
                order.GetHashCode() % 2 == 0
                    ? _app.ReserveAsync(order, (tea, 1), (cup, 1))
                    : _app.ReserveAsync(order, (cup, 1), (tea, 1))
        );

        Assert.All(await RepliesAsync(orders), type => Assert.Equal(StockReserved.Type, type));
        Assert.Equal(40, (await _app.StockAsync(tea)).Available);
        Assert.Equal(40, (await _app.StockAsync(cup)).Available);
    }

    [Fact]
    public async Task The_same_reserve_delivered_many_times_at_once_takes_the_stock_once()
    {
        var tea = await _app.AddProductAsync(100);
        var order = Guid.CreateVersion7();

        await AllAtOnceAsync([.. Enumerable.Repeat(order, 20)], id => _app.ReserveAsync(id, (tea, 5)));

        Assert.Equal(95, (await _app.StockAsync(tea)).Available);
        Assert.Equal(
            Enumerable.Repeat(StockReserved.Type, 20),
            (await _app.SentAsync(order)).Select(sent => sent.Type)
        );
    }

    [Fact]
    public async Task Reserve_and_release_of_the_same_order_at_once_never_leave_stock_behind()
    {
        var tea = await _app.AddProductAsync(10);
        Guid[] orders = [.. Enumerable.Range(0, 30).Select(_ => Guid.CreateVersion7())];

        await AllAtOnceAsync(
            [.. orders.SelectMany(order => new[] { order, order })],
            order => _app.ReserveAsync(order, (tea, 1)),
            order => _app.ReleaseAsync(order)
        );

        foreach (var order in orders)
        {
            // Rejected is possible too: all ten may be held at that moment.
            Assert.True(
                (await _app.ReservationAsync(order)).Status is ReservationStatus.Released or ReservationStatus.Rejected
            );
        }
        Assert.Equal((10, 0), await LevelAsync(tea));
        await _app.AssertLedgerEqualsStockAsync();
    }

    private static Task AllAtOnceAsync<T>(T[] subjects, params Func<T, Task>[] actions) =>
        Parallel.ForEachAsync(
            subjects.Select((subject, i) => (subject, action: actions[i % actions.Length])),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 30,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (pair, _) => await pair.action(pair.subject)
        );

    private async Task<List<string>> RepliesAsync(Guid[] orders)
    {
        var replies = new List<string>();
        foreach (var order in orders)
        {
            replies.AddRange((await _app.SentAsync(order)).Select(sent => sent.Type));
        }
        return replies;
    }

    private async Task<(int Available, int Reserved)> LevelAsync(Guid product)
    {
        var stock = await _app.StockAsync(product);
        return (stock.Available, stock.Reserved);
    }
}
