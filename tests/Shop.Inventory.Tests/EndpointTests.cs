using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Inventory.Data;
using Shop.Inventory.Messages;
using Shop.Testing;

namespace Shop.Inventory.Tests;

public sealed class EndpointTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private InventoryApp _app = null!;
    private Guid _tea;

    public async ValueTask InitializeAsync()
    {
        _app = await InventoryApp.StartAsync(infrastructure);
        _tea = await _app.AddProductAsync(10);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_stock_of_a_product_is_read_by_its_id()
    {
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 4));

        var stock = await _app.Client.GetFromJsonAsync<JsonElement>(
            $"/api/inventory/{_tea}",
            TestContext.Current.CancellationToken
        );

        Assert.Equal(_tea, stock.GetProperty("productId").GetGuid());
        Assert.Equal(6, stock.GetProperty("available").GetInt32());
        Assert.Equal(4, stock.GetProperty("reserved").GetInt32());
        Assert.Equal(2, stock.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task An_unknown_product_is_not_found()
    {
        using var read = await _app.Client.GetAsync(
            $"/api/inventory/{Guid.CreateVersion7()}",
            TestContext.Current.CancellationToken
        );
        using var restock = await _app.SendRestockAsync(Guid.CreateVersion7(), new { quantity = 1 });

        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, restock.StatusCode);
    }

    [Fact]
    public async Task Restocking_adds_to_the_stock_and_tells_it()
    {
        using var response = await _app.SendRestockAsync(_tea, new { quantity = 5 });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(15, (await _app.StockAsync(_tea)).Available);
        await _app.AnnounceAsync();
        var changed = Assert.Single(await _app.SentAsync(_tea));
        Assert.Equal(StockChanged.Type, changed.Type);
        Assert.Equal(15, changed.Json.GetProperty("available").GetInt32());
        await _app.AssertLedgerEqualsStockAsync();
    }

    [Fact]
    public async Task Restocking_twice_with_one_key_adds_once()
    {
        using var first = await _app.SendRestockAsync(_tea, new { quantity = 5 }, "delivery-1");
        using var again = await _app.SendRestockAsync(_tea, new { quantity = 5 }, "delivery-1");
        using var other = await _app.SendRestockAsync(_tea, new { quantity = 6 }, "delivery-1");

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal(15, (await _app.StockAsync(_tea)).Available);
    }

    [Theory]
    [InlineData("5.0", null)]
    [InlineData("5e0", null)]
    [InlineData("1.5", "Must be a whole number from 1 to 100000.")]
    [InlineData("\"5\"", "Must be a whole number from 1 to 100000.")]
    [InlineData("1e9", "Must be a whole number from 1 to 100000.")]
    public async Task A_whole_number_is_one_however_JSON_writes_it(string quantity, string? rule)
    {
        using var response = await _app.SendRestockAsync(
            _tea,
            new { quantity = System.Text.Json.Nodes.JsonNode.Parse(quantity) }
        );
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(rule is null, response.IsSuccessStatusCode);
        Assert.Equal(rule, rule is null ? null : answer.GetProperty("errors").GetProperty("quantity")[0].GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_001)]
    public async Task A_restock_out_of_range_is_refused_and_names_the_field(int quantity)
    {
        using var response = await _app.SendRestockAsync(_tea, new { quantity });

        await AssertInvalidAsync(response, "quantity");
        Assert.Equal(10, (await _app.StockAsync(_tea)).Available);
    }

    [Fact]
    public async Task A_restock_with_a_misspelled_field_is_refused()
    {
        using var response = await _app.SendRestockAsync(_tea, new { quantity = 1, quantty = 2 });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(10, (await _app.StockAsync(_tea)).Available);
    }

    [Fact]
    public async Task A_customer_cannot_restock()
    {
        using var response = await _app.SendRestockAsync(_tea, new { quantity = 1 }, role: "customer");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(10, (await _app.StockAsync(_tea)).Available);
    }

    [Fact]
    public async Task The_seed_brings_the_demo_stock_once_and_keeps_what_was_sold()
    {
        var seed = await StockSeed.ReadAsync(TestContext.Current.CancellationToken);
        await _app.SeedAsync();
        await _app.ReserveAsync(Guid.CreateVersion7(), (seed[0].ProductId, 1));

        await _app.SeedAsync();

        Assert.True(seed.Count >= 60, "The demo catalogue has at least 60 products.");
        Assert.Equal(seed[0].Quantity - 1, (await _app.StockAsync(seed[0].ProductId)).Available);
        await _app.AssertLedgerEqualsStockAsync();
    }

    private static async Task AssertInvalidAsync(HttpResponseMessage response, string field)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }
}
