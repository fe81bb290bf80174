using Microsoft.EntityFrameworkCore;
using Shop.Storefront.Baskets;
using Shop.Testing;

namespace Shop.Storefront.Tests.Baskets;

public sealed class BasketMergeTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _anonymous = Guid.NewGuid();
    private readonly Guid _user = Guid.NewGuid();
    private readonly Guid _product = Guid.NewGuid();
    private StorefrontDatabase _storefront = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storefront = await StorefrontDatabase.CreateAsync(infrastructure);

    public ValueTask DisposeAsync() => _storefront.DisposeAsync();

    [Fact]
    public async Task Signing_in_adds_up_quantities_and_counts_the_newer_price_as_seen()
    {
        var onlyAnonymous = Guid.NewGuid();
        await AddAsync(_user, _product, 2, price: 10);
        await AddAsync(_anonymous, _product, 3, price: 12);
        await AddAsync(_anonymous, onlyAnonymous, 1);

        await MergeAsync();

        var lines = (await LinesAsync(_user)).ToDictionary(line => line.ProductId);
        Assert.Equal((5, 12m), (lines[_product].Quantity, lines[_product].SeenPrice));
        Assert.Equal(1, lines[onlyAnonymous].Quantity);
        Assert.Empty(await LinesAsync(_anonymous));
    }

    [Fact]
    public async Task Merged_quantities_stop_at_the_most_that_an_order_takes()
    {
        await AddAsync(_user, _product, BasketStore.MaxQuantity - 1);
        await AddAsync(_anonymous, _product, 5);

        await MergeAsync();

        Assert.Equal(BasketStore.MaxQuantity, Assert.Single(await LinesAsync(_user)).Quantity);
    }

    [Fact]
    public async Task Two_tabs_that_sign_in_at_once_merge_the_basket_once()
    {
        await AddAsync(_user, _product, 1);
        await AddAsync(_anonymous, _product, 2);
        await using var db = _storefront.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        // Another tab changes the user's line, so that both merges have begun before either goes on.
        await db.Database.ExecuteSqlAsync(
            $"update basket_lines set quantity = quantity + 10 where basket_id = {_user}",
            Cancel
        );
        var merges = Task.WhenAll(MergeAsync(), MergeAsync());
        await _storefront.WaitForLockAsync(Cancel, waiting: 2);
        await transaction.CommitAsync(Cancel);

        await merges;

        Assert.Equal(13, Assert.Single(await LinesAsync(_user)).Quantity);
    }

    [Fact]
    public async Task Signing_in_without_a_basket_leaves_the_users_own_as_it_is()
    {
        await AddAsync(_user, _product, 2);

        await MergeAsync();

        Assert.Equal(2, Assert.Single(await LinesAsync(_user)).Quantity);
    }

    private Task MergeAsync() => _storefront.Baskets.MergeAsync(_anonymous, _user, Cancel);

    private Task<bool> AddAsync(Guid basket, Guid product, int quantity, decimal price = 10) =>
        _storefront.Baskets.AddAsync(basket, product, "Lamp", price, "USD", quantity, Cancel);

    private Task<List<BasketLine>> LinesAsync(Guid basket) => _storefront.Baskets.GetAsync(basket, Cancel);
}
