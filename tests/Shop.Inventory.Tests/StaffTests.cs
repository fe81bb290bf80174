using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Inventory.Products;
using Shop.Testing;

namespace Shop.Inventory.Tests;

/// <summary>What the staff see: the stock of all products, and what moved of each.</summary>
public sealed class StaffTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private InventoryApp _app = null!;
    private Guid _tea;
    private Guid _cup;

    public async ValueTask InitializeAsync()
    {
        _app = await InventoryApp.StartAsync(infrastructure);
        _tea = await _app.AddProductAsync(10);
        _cup = await _app.AddProductAsync(3);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_stock_of_all_products_is_listed_page_by_page()
    {
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 4));
        await OfferAsync(_tea, "Tea", 1);

        var first = await GetAsync("/api/inventory?pageSize=1");
        var second = await GetAsync("/api/inventory?pageSize=1&page=2");

        Assert.Equal(2, first.GetProperty("total").GetInt32());
        var tea = Assert.Single(first.GetProperty("items").EnumerateArray());
        Assert.Equal((_tea, "Tea"), (tea.GetProperty("productId").GetGuid(), tea.GetProperty("name").GetString()));
        Assert.Equal((10, 4, 6), Levels(tea));
        var cup = Assert.Single(second.GetProperty("items").EnumerateArray());
        Assert.Equal(_cup, cup.GetProperty("productId").GetGuid());
        Assert.Equal(JsonValueKind.Null, cup.GetProperty("name").ValueKind);
    }

    [Fact]
    public async Task Products_that_run_short_are_listed_by_what_is_available()
    {
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 6));

        Assert.Equal([_cup], Ids(await GetAsync("/api/inventory?below=4")));
        Assert.Equal([_tea, _cup], Ids(await GetAsync("/api/inventory?below=5")));
        Assert.Empty(Ids(await GetAsync("/api/inventory?below=3")));
    }

    [Fact]
    public async Task A_product_is_called_what_the_catalogue_said_last()
    {
        await OfferAsync(_tea, "Green tea", 2);
        await OfferAsync(_tea, "Tea", 1); // late

        var tea = (await GetAsync("/api/inventory")).GetProperty("items")[0];

        Assert.Equal("Green tea", tea.GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_ledger_tells_the_newest_entries_first()
    {
        var order = Guid.CreateVersion7();
        using var restock = await _app.SendRestockAsync(_tea, new { quantity = 5 }, "delivery-1");
        await _app.ReserveAsync(order, (_tea, 4));

        var page = await GetAsync($"/api/inventory/{_tea}/ledger?pageSize=2");

        Assert.Equal(3, page.GetProperty("total").GetInt32());
        var entries = page.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["reserved", "received"], entries.Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(order, entries[0].GetProperty("orderId").GetGuid());
        Assert.Equal(
            (4, -4, 4),
            (
                entries[0].GetProperty("quantity").GetInt32(),
                entries[0].GetProperty("availableChange").GetInt32(),
                entries[0].GetProperty("reservedChange").GetInt32()
            )
        );
        Assert.Equal("delivery-1", entries[1].GetProperty("idempotencyKey").GetString());
        Assert.Equal(_app.Time.GetUtcNow(), entries[0].GetProperty("at").GetDateTimeOffset());
        var oldest = (await GetAsync($"/api/inventory/{_tea}/ledger?pageSize=2&page=2")).GetProperty("items");
        Assert.Equal(10, Assert.Single(oldest.EnumerateArray()).GetProperty("quantity").GetInt32());
    }

    [Theory]
    [InlineData("/api/inventory?below=0", "below")]
    [InlineData("/api/inventory?below=few", "below")]
    [InlineData("/api/inventory?pageSize=101", "pageSize")]
    [InlineData("/api/inventory/{0}/ledger?page=0", "page")]
    public async Task What_is_out_of_range_is_refused_by_its_name(string path, string field)
    {
        using var response = await SendAsync(path.Replace("{0}", $"{_tea}", StringComparison.Ordinal), "operator");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task The_ledger_of_an_unknown_product_is_not_found()
    {
        using var response = await SendAsync($"/api/inventory/{Guid.CreateVersion7()}/ledger", "operator");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Operators_see_what_the_outbox_has_not_sent()
    {
        using var restock = await _app.SendRestockAsync(_tea, new { quantity = 5 });
        await _app.AnnounceAsync();

        var outbox = await GetAsync("/api/operations/inventory/outbox");
        using var refused = await SendAsync("/api/operations/inventory/outbox", "customer");

        Assert.Equal(1, outbox.GetProperty("pending").GetInt32());
        Assert.Equal(_app.Time.GetUtcNow(), outbox.GetProperty("oldestAt").GetDateTimeOffset());
        Assert.Empty(outbox.GetProperty("failed").EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Customers_see_neither()
    {
        using var list = await SendAsync("/api/inventory", "customer");
        using var ledger = await SendAsync($"/api/inventory/{_tea}/ledger", "customer");

        Assert.Equal(HttpStatusCode.Forbidden, list.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, ledger.StatusCode);
    }

    private static (int OnHand, int Reserved, int Available) Levels(JsonElement line) =>
        (
            line.GetProperty("onHand").GetInt32(),
            line.GetProperty("reserved").GetInt32(),
            line.GetProperty("available").GetInt32()
        );

    private static IEnumerable<Guid> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("productId").GetGuid());

    private Task OfferAsync(Guid product, string name, int version) =>
        _app.HandleAsync<ProductHandler, OfferedProduct>(new OfferedProduct(product, name, version));

    private async Task<HttpResponseMessage> SendAsync(string path, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = _app.Tokens.Bearer(Guid.CreateVersion7(), role);
        return await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await SendAsync(path, "operator");
        var json = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, json.ToString());
        return json;
    }
}
