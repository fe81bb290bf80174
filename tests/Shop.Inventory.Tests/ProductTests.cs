using System.Net;
using System.Text.Json;
using Shop.Inventory.Products;
using Shop.Testing;

namespace Shop.Inventory.Tests;

public sealed class ProductTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _product = Guid.CreateVersion7();
    private InventoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await InventoryApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_product_of_the_catalogue_has_an_empty_stock_that_is_refilled_and_ordered()
    {
        await OfferAsync();
        Assert.Equal(0, (await _app.StockAsync(_product)).Available);

        await _app.RestockAsync(_product, 5);
        var order = Guid.CreateVersion7();
        await _app.ReserveAsync(order, (_product, 2));

        var stock = await _app.StockAsync(_product);
        Assert.Equal((3, 2), (stock.Available, stock.Reserved));
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task A_product_that_changes_keeps_its_stock()
    {
        await OfferAsync();
        await _app.RestockAsync(_product, 5);

        await OfferAsync();

        Assert.Equal(5, (await _app.StockAsync(_product)).Available);
    }

    [Fact]
    public async Task A_removed_product_is_not_refilled_and_serves_the_orders_under_way()
    {
        await OfferAsync();
        await _app.RestockAsync(_product, 5);
        var order = Guid.CreateVersion7();
        await _app.ReserveAsync(order, (_product, 2));

        await RemoveAsync();

        using var refused = await _app.SendRestockAsync(_product, new { quantity = 1 });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(
            "product-discontinued",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        await _app.CommitAsync(order);
        var stock = await _app.StockAsync(_product);
        Assert.Equal((3, 0, true), (stock.Available, stock.Reserved, stock.Discontinued));
    }

    [Fact]
    public async Task A_restock_that_is_repeated_after_the_removal_is_answered_as_before()
    {
        await OfferAsync();
        using var first = await _app.SendRestockAsync(_product, new { quantity = 5 }, "delivery-9");
        await RemoveAsync();

        using var again = await _app.SendRestockAsync(_product, new { quantity = 5 }, "delivery-9");

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(5, (await _app.StockAsync(_product)).Available);
    }

    [Fact]
    public async Task A_product_whose_removal_is_told_first_stays_removed()
    {
        await RemoveAsync();
        await OfferAsync();

        Assert.True((await _app.StockAsync(_product)).Discontinued);
    }

    [Fact]
    public async Task An_event_is_read_whatever_else_it_says()
    {
        var read = JsonSerializer.Deserialize<OfferedProduct>(
            $$"""{ "productId": "{{_product}}", "name": "Tea", "price": 3.5, "somethingNew": [1] }""",
            JsonSerializerOptions.Web
        );

        Assert.Equal(_product, read!.ProductId);
    }

    private Task OfferAsync() => _app.HandleAsync<ProductHandler, OfferedProduct>(new OfferedProduct(_product));

    private Task RemoveAsync() => _app.HandleAsync<ProductHandler, RemovedProduct>(new RemovedProduct(_product));
}
