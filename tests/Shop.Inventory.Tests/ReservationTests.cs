using Shop.Inventory.Domain;
using Shop.Inventory.Messages;
using Shop.Inventory.Reservations;
using Shop.Messaging;
using Shop.Testing;

namespace Shop.Inventory.Tests;

public sealed class ReservationTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _order = Guid.CreateVersion7();
    private InventoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await InventoryApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Reserving_sets_the_stock_aside_and_says_so()
    {
        var (tea, cup) = (await _app.AddProductAsync(10), await _app.AddProductAsync(5));

        await _app.ReserveAsync(_order, (tea, 3), (cup, 5));

        Assert.Equal((7, 3), await LevelAsync(tea));
        Assert.Equal((0, 5), await LevelAsync(cup));
        Assert.Equal([StockReserved.Type], await RepliesAsync());
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Reserving_takes_nothing_when_one_line_is_short_and_names_every_short_line()
    {
        var (tea, cup) = (await _app.AddProductAsync(10), await _app.AddProductAsync(2));
        var unknown = Guid.CreateVersion7();

        await _app.ReserveAsync(_order, (tea, 3), (cup, 5), (unknown, 1));

        Assert.Equal((10, 0), await LevelAsync(tea));
        Assert.Equal((2, 0), await LevelAsync(cup));
        var reply = Assert.Single(await _app.SentAsync(_order));
        Assert.Equal(StockReservationFailed.Type, reply.Type);
        Assert.Equal(
            [(cup, 5, 2), (unknown, 1, 0)],
            reply
                .Json.GetProperty("shortages")
                .EnumerateArray()
                .Select(line =>
                    (
                        line.GetProperty("productId").GetGuid(),
                        line.GetProperty("requested").GetInt32(),
                        line.GetProperty("available").GetInt32()
                    )
                )
        );
        await _app.AnnounceAsync();
        Assert.Empty(await _app.SentAsync(tea));
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Lines_with_the_same_product_count_together()
    {
        var tea = await _app.AddProductAsync(5);

        await _app.ReserveAsync(_order, (tea, 3), (tea, 3));

        Assert.Equal([StockReservationFailed.Type], await RepliesAsync());
        Assert.Equal((5, 0), await LevelAsync(tea));
    }

    [Fact]
    public async Task A_second_reserve_takes_nothing_and_answers_the_same()
    {
        var tea = await _app.AddProductAsync(10);
        await _app.ReserveAsync(_order, (tea, 3));

        await _app.ReserveAsync(_order, (tea, 3));

        Assert.Equal((7, 3), await LevelAsync(tea));
        Assert.Equal([StockReserved.Type, StockReserved.Type], await RepliesAsync());
    }

    [Fact]
    public async Task A_second_reserve_of_a_rejected_order_is_rejected_alike_even_when_stock_has_come_in()
    {
        var tea = await _app.AddProductAsync(1);
        await _app.ReserveAsync(_order, (tea, 3));
        await _app.RestockAsync(tea, 10);

        await _app.ReserveAsync(_order, (tea, 3));

        var replies = await _app.SentAsync(_order);
        Assert.Equal(2, replies.Count);
        Assert.Equal(replies[0].Body, replies[1].Body);
    }

    [Fact]
    public async Task Releasing_gives_the_stock_back_once_however_often_it_is_asked()
    {
        var tea = await _app.AddProductAsync(10);
        await _app.ReserveAsync(_order, (tea, 3));

        await _app.ReleaseAsync(_order);
        await _app.ReleaseAsync(_order);

        Assert.Equal((10, 0), await LevelAsync(tea));
        Assert.Equal([StockReserved.Type, StockReleased.Type, StockReleased.Type], await RepliesAsync());
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task A_reserve_that_comes_after_its_release_takes_nothing()
    {
        var tea = await _app.AddProductAsync(10);
        await _app.ReleaseAsync(_order);

        await _app.ReserveAsync(_order, (tea, 3));

        Assert.Equal((10, 0), await LevelAsync(tea));
        Assert.Equal([StockReleased.Type, StockReleased.Type], await RepliesAsync());
        Assert.Equal(ReservationStatus.Released, (await _app.ReservationAsync(_order)).Status);
    }

    [Fact]
    public async Task Committed_stock_leaves_once_and_tells_nobody_a_new_availability()
    {
        var tea = await _app.AddProductAsync(10);
        await _app.ReserveAsync(_order, (tea, 3));
        await _app.AnnounceAsync();

        await _app.CommitAsync(_order);
        await _app.CommitAsync(_order);

        Assert.Equal((7, 0), await LevelAsync(tea));
        Assert.Equal([StockReserved.Type, StockCommitted.Type, StockCommitted.Type], await RepliesAsync());
        await _app.Announcer.AnnounceAllAsync(TestContext.Current.CancellationToken);
        Assert.Single(await _app.SentAsync(tea));
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Releasing_a_committed_order_brings_its_stock_back()
    {
        var tea = await _app.AddProductAsync(10);
        await _app.ReserveAsync(_order, (tea, 3));
        await _app.CommitAsync(_order);

        await _app.ReleaseAsync(_order);
        await _app.ReleaseAsync(_order);

        Assert.Equal((10, 0), await LevelAsync(tea));
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task A_commit_after_the_release_lets_nothing_leave()
    {
        var tea = await _app.AddProductAsync(10);
        await _app.ReserveAsync(_order, (tea, 3));
        await _app.ReleaseAsync(_order);

        await _app.CommitAsync(_order);

        Assert.Equal((10, 0), await LevelAsync(tea));
        Assert.Equal(StockReleased.Type, (await RepliesAsync())[^1]);
    }

    [Fact]
    public async Task A_commit_of_an_order_without_a_reservation_is_poison()
    {
        var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() => _app.CommitAsync(_order));

        Assert.Equal("UnknownOrder", rejected.Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    public async Task A_reserve_with_an_impossible_quantity_is_poison(int quantity)
    {
        var tea = await _app.AddProductAsync(10);

        await Assert.ThrowsAsync<MessageRejectedException>(() => _app.ReserveAsync(_order, (tea, quantity)));

        Assert.Equal((10, 0), await LevelAsync(tea));
    }

    [Fact]
    public async Task A_reserve_of_nothing_is_poison() =>
        await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.HandleAsync<ReserveStockHandler, ReserveStock>(new ReserveStock(_order, []))
        );

    private async Task<(int Available, int Reserved)> LevelAsync(Guid product)
    {
        var stock = await _app.StockAsync(product);
        return (stock.Available, stock.Reserved);
    }

    private async Task<string[]> RepliesAsync() => [.. (await _app.SentAsync(_order)).Select(sent => sent.Type)];
}
