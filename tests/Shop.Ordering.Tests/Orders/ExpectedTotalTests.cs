using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

/// <summary>No surprise price: an order is only placed at the total that the shopper saw.</summary>
[Collection<OrderingService>]
public sealed class ExpectedTotalTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;
    private readonly Guid _user = Guid.CreateVersion7();

    [Theory]
    [InlineData("145.75")]
    [InlineData("145.750")]
    public async Task The_total_that_the_shopper_saw_is_placed(string total)
    {
        var response = await PlaceAsync(DeskAndLamps(), total);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(145.75m, (await response.JsonAsync()).GetProperty("total").GetDecimal());
    }

    [Theory]
    [InlineData("145.74")]
    [InlineData("145.76")]
    [InlineData("0")]
    [InlineData("79228162514264337593543950335")]
    public async Task Another_total_is_refused_with_the_new_prices_and_nothing_is_stored(string total)
    {
        var response = await PlaceAsync(DeskAndLamps(), total);
        var problem = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.EndsWith("/price-changed", problem.Text("type"), StringComparison.Ordinal);
        Assert.Equal(decimal.Parse(total, Invariant), problem.GetProperty("expectedTotal").GetDecimal());
        Assert.Equal(145.75m, problem.GetProperty("total").GetDecimal());
        Assert.Equal(151m, problem.GetProperty("subtotal").GetDecimal());
        Assert.Equal(15.10m, problem.GetProperty("discount").GetDecimal());
        Assert.Equal(9.85m, problem.GetProperty("tax").GetDecimal());
        Assert.Equal("USD", problem.Text("currency"));
        var line = problem.GetProperty("items")[1];
        Assert.Equal(("Lamp", 31m), (line.Text("name"), line.GetProperty("lineTotal").GetDecimal()));
        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData("-0.01")]
    [InlineData("1.001")]
    [InlineData("\"1.00\"")]
    public async Task A_total_that_cannot_be_one_is_refused_by_its_name(string total)
    {
        var response = await PlaceAsync(DeskAndLamps(), total);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.JsonAsync()).GetProperty("errors").TryGetProperty("expectedTotal", out _));
    }

    [Fact]
    public async Task A_repeated_request_gets_its_order_whatever_the_prices_are_now()
    {
        var product = _app.Catalog.Add(10m);
        var order = Requests.Order((product, 1));
        var first = await PlaceAsync(order, "10.73", "key");
        _app.Catalog.SetPrice(product, 12m);

        var again = await PlaceAsync(order, "10.730", "key");
        var other = await PlaceAsync(order, "10.74", "key");
        var withoutKey = await PlaceAsync(order, "10.73");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.EndsWith("/idempotency-key-reused", (await other.JsonAsync()).Text("type"), StringComparison.Ordinal);
        Assert.EndsWith("/price-changed", (await withoutKey.JsonAsync()).Text("type"), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_refused_total_leaves_the_key_free_for_the_new_one()
    {
        var order = Requests.Order((_app.Catalog.Add(10m), 1));

        var refused = await PlaceAsync(order, "9.99", "key");
        var accepted = await PlaceAsync(order, "10.73", "key");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    private static readonly System.Globalization.CultureInfo Invariant = System
        .Globalization
        .CultureInfo
        .InvariantCulture;

    private JsonObject DeskAndLamps() =>
        Requests.Order((_app.Catalog.Add(120m, "Desk"), 1), (_app.Catalog.Add(15.5m), 2));

    private Task<HttpResponseMessage> PlaceAsync(JsonObject order, string total, string? key = null)
    {
        order["expectedTotal"] = JsonNode.Parse(total);
        return _app.ClientOf(_user).PlaceAsync(order, key);
    }

    private Task<int> CountAsync() => _app.InDatabaseAsync(db => db.Orders.CountAsync(order => order.UserId == _user));
}
