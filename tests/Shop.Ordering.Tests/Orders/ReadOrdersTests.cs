using System.Net;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

[Collection<OrderingService>]
public sealed class ReadOrdersTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;
    private readonly Guid _user = Guid.CreateVersion7();

    [Theory]
    [InlineData("")]
    [InlineData("/timeline")]
    public async Task Somebody_elses_order_looks_like_none_except_to_staff(string part)
    {
        var id = await PlaceAsync();
        var url = new Uri($"/api/orders/{id}{part}", UriKind.Relative);
        var stranger = Guid.CreateVersion7();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_app.ClientOf(_user), url));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_app.ClientOf(stranger), url));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_app.ClientOf(stranger, "operator"), url));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_app.ClientOf(stranger, "admin"), url));
    }

    [Fact]
    public async Task A_user_pages_through_the_own_orders_newest_first()
    {
        List<Guid> placed = [];
        for (var i = 0; i < 5; i++)
        {
            placed.Insert(0, await PlaceAsync());
        }

        var client = _app.ClientOf(_user);
        var first = await client.GetJsonAsync("/api/orders?page=1&pageSize=2");
        var last = await client.GetJsonAsync("/api/orders?page=3&pageSize=2");

        Assert.Equal(5, first.GetProperty("total").GetInt32());
        Assert.Equal(1, first.GetProperty("page").GetInt32());
        Assert.Equal(2, first.GetProperty("pageSize").GetInt32());
        Assert.Equal(placed[..2], Ids(first));
        Assert.Equal(placed[4..], Ids(last));
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=x", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("pageSize=-1", "pageSize")]
    public async Task Paging_out_of_range_is_refused_by_its_name(string query, string field)
    {
        var response = await _app.ClientOf(_user)
            .GetAsync(new Uri($"/api/orders?{query}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task An_order_that_is_out_of_stock_says_what_is_available()
    {
        var product = _app.Catalog.Add(10m, "Desk");
        var client = _app.ClientOf(_user);
        var id = await client.PlaceOkAsync(Requests.Order((product, 3)));

        await _app.ReceiveAsync(new StockReservationFailed(id, [new StockShortage(product, 3, 1)]));

        var order = await client.GetJsonAsync($"/api/orders/{id}");
        Assert.Equal("Cancelled", order.Text("status"));
        Assert.Equal("OutOfStock", order.Text("cancellationReason"));
        Assert.Equal("Desk: 3 ordered, 1 available.", order.Text("cancellationDetail"));
        Assert.Equal(1, order.GetProperty("shortages")[0].GetProperty("available").GetInt32());
    }

    private Task<Guid> PlaceAsync() => _app.ClientOf(_user).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri url) =>
        (await client.GetAsync(url, TestContext.Current.CancellationToken)).StatusCode;

    private static IEnumerable<Guid> Ids(System.Text.Json.JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(order => order.GetProperty("id").GetGuid());
}
