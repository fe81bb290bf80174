using Microsoft.EntityFrameworkCore;
using Shop.Storefront.Baskets;
using Shop.Testing;

namespace Shop.Storefront.Tests.Baskets;

public sealed class BasketStoreTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _basket = Guid.NewGuid();
    private readonly Guid _product = Guid.NewGuid();
    private StorefrontDatabase _storefront = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storefront = await StorefrontDatabase.CreateAsync(infrastructure);

    public ValueTask DisposeAsync() => _storefront.DisposeAsync();

    [Fact]
    public async Task Tabs_that_add_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(_basket, _product, quantity: 2)));

        Assert.Equal(40, Assert.Single(await LinesAsync(_basket)).Quantity);
    }

    [Fact]
    public async Task Adding_more_stops_at_the_most_that_an_order_takes()
    {
        await AddAsync(_basket, _product, BasketStore.MaxQuantity - 1);

        Assert.True(await AddAsync(_basket, _product, 5));

        Assert.Equal(BasketStore.MaxQuantity, Assert.Single(await LinesAsync(_basket)).Quantity);
    }

    [Fact]
    public async Task Adding_again_counts_the_new_price_as_seen_and_keeps_the_place()
    {
        await AddAsync(_basket, _product, 1, price: 10);
        _storefront.Time.Advance(TimeSpan.FromMinutes(1));
        await AddAsync(_basket, Guid.NewGuid(), 1);
        _storefront.Time.Advance(TimeSpan.FromMinutes(1));
        await AddAsync(_basket, _product, 1, price: 12);

        var first = (await LinesAsync(_basket))[0];
        Assert.Equal((_product, 12m), (first.ProductId, first.SeenPrice));
    }

    [Fact]
    public async Task A_full_basket_refuses_another_product_and_still_takes_more_of_what_it_has()
    {
        var products = Enumerable.Range(0, BasketStore.MaxLines).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var product in products)
        {
            Assert.True(await AddAsync(_basket, product, 1));
        }

        Assert.False(await AddAsync(_basket, _product, 1));
        Assert.True(await AddAsync(_basket, products[0], 1));

        var lines = await LinesAsync(_basket);
        Assert.Equal(BasketStore.MaxLines, lines.Count);
        Assert.DoesNotContain(lines, line => line.ProductId == _product);
        Assert.Equal(BasketStore.MaxLines + 1, lines.Sum(line => line.Quantity));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(BasketStore.MaxQuantity + 1, BasketStore.MaxQuantity)]
    public async Task A_quantity_is_set_up_to_the_most(int wanted, int set)
    {
        await AddAsync(_basket, _product, 1);

        await _storefront.Baskets.SetAsync(_basket, _product, wanted, Cancel);

        Assert.Equal(set, Assert.Single(await LinesAsync(_basket)).Quantity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Setting_none_removes_the_product_from_this_basket_alone(int quantity)
    {
        var other = Guid.NewGuid();
        await AddAsync(_basket, _product, 2);
        await AddAsync(other, _product, 2);

        await _storefront.Baskets.SetAsync(_basket, _product, quantity, Cancel);

        Assert.Empty(await LinesAsync(_basket));
        Assert.Single(await LinesAsync(other));
    }

    [Fact]
    public async Task Accepting_a_price_changes_no_other_product()
    {
        var other = Guid.NewGuid();
        await AddAsync(_basket, _product, 1, price: 10);
        await AddAsync(_basket, other, 1, price: 10);

        await _storefront.Baskets.AcceptPriceAsync(_basket, _product, 12.5m, Cancel);

        var prices = (await LinesAsync(_basket)).ToDictionary(line => line.ProductId, line => line.SeenPrice);
        Assert.Equal((12.5m, 10m), (prices[_product], prices[other]));
    }

    [Fact]
    public async Task Removing_what_was_ordered_keeps_what_was_added_meanwhile()
    {
        await AddAsync(_basket, _product, 2);
        await using var db = _storefront.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlAsync($"update basket_lines set quantity = quantity + 3", Cancel);

        // It waits for the row of the other tab, which commits only now.
        var removal = RemoveAsync(ordered: 2);
        await _storefront.WaitForLockAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        await removal;

        Assert.Equal(3, Assert.Single(await LinesAsync(_basket)).Quantity);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Removing_all_that_is_there_removes_the_line(int ordered)
    {
        await AddAsync(_basket, _product, 2);

        await RemoveAsync(ordered);

        Assert.Empty(await LinesAsync(_basket));
    }

    private Task<bool> AddAsync(Guid basket, Guid product, int quantity, decimal price = 10) =>
        _storefront.Baskets.AddAsync(basket, product, "Lamp", price, "USD", quantity, Cancel);

    private Task RemoveAsync(int ordered) => _storefront.Baskets.RemoveAsync(_basket, _product, ordered, Cancel);

    private Task<List<BasketLine>> LinesAsync(Guid basket) => _storefront.Baskets.GetAsync(basket, Cancel);
}
