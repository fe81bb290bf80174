using Shop.Inventory.Domain;
using Shop.Inventory.Messages;
using Shop.Testing;

namespace Shop.Inventory.Tests;

public sealed class ExpiryTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = new InventoryOptions().ReservationLifetime;

    private readonly Guid _order = Guid.CreateVersion7();
    private InventoryApp _app = null!;
    private Guid _tea;

    public async ValueTask InitializeAsync()
    {
        _app = await InventoryApp.StartAsync(infrastructure);
        _tea = await _app.AddProductAsync(10);
        await _app.ReserveAsync(_order, (_tea, 3));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_reservation_is_kept_until_its_time_is_over()
    {
        _app.Time.Advance(Lifetime - TimeSpan.FromSeconds(1));

        Assert.Equal(0, await _app.SweepAsync());
        Assert.Equal(7, (await _app.StockAsync(_tea)).Available);
    }

    [Fact]
    public async Task An_expired_reservation_goes_back_and_the_order_is_told()
    {
        _app.Time.Advance(Lifetime);

        Assert.Equal(1, await _app.SweepAsync());

        Assert.Equal(10, (await _app.StockAsync(_tea)).Available);
        Assert.Equal(StockReleased.Type, (await _app.SentAsync(_order))[^1].Type);
        Assert.Equal(ReservationStatus.Expired, (await _app.ReservationAsync(_order)).Status);
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Sweeps_in_several_replicas_at_once_give_back_once()
    {
        for (var i = 0; i < 7; i++)
        {
            await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 1));
        }
        _app.Time.Advance(Lifetime);

        var expired = await Task.WhenAll(_app.SweepAsync(), _app.SweepAsync(), _app.SweepAsync());

        Assert.Equal(8, expired.Sum());
        Assert.Equal(10, (await _app.StockAsync(_tea)).Available);
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Committed_stock_does_not_expire()
    {
        await _app.CommitAsync(_order);
        _app.Time.Advance(Lifetime);

        Assert.Equal(0, await _app.SweepAsync());
        Assert.Equal(7, (await _app.StockAsync(_tea)).Available);
    }

    [Fact]
    public async Task A_commit_after_expiry_takes_the_stock_again_while_there_is_some()
    {
        _app.Time.Advance(Lifetime);
        await _app.SweepAsync();

        await _app.CommitAsync(_order);

        var stock = await _app.StockAsync(_tea);
        Assert.Equal((7, 0), (stock.Available, stock.Reserved));
        Assert.Equal(StockCommitted.Type, (await _app.SentAsync(_order))[^1].Type);
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task A_commit_after_expiry_says_what_is_short_when_the_stock_is_gone()
    {
        _app.Time.Advance(Lifetime);
        await _app.SweepAsync();
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 9));

        await _app.CommitAsync(_order);

        Assert.Equal(StockReservationFailed.Type, (await _app.SentAsync(_order))[^1].Type);
        Assert.Equal(1, (await _app.StockAsync(_tea)).Available);
    }

    [Fact]
    public async Task A_release_after_expiry_gives_nothing_back_a_second_time()
    {
        _app.Time.Advance(Lifetime);
        await _app.SweepAsync();

        await _app.ReleaseAsync(_order);

        Assert.Equal(10, (await _app.StockAsync(_tea)).Available);
        await _app.AssertLedgerEqualsStockAsync();
    }
}
