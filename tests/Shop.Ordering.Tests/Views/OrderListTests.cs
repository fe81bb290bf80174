using System.Net;
using System.Text.Json;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;
using Shop.Ordering.Views;

namespace Shop.Ordering.Tests.Views;

[Collection<OrderingService>]
public sealed class OrderListTests
{
    private readonly OrderingApp _app;
    private readonly Guid _user = Guid.CreateVersion7();
    private readonly HttpClient _client;

    public OrderListTests(OrderingFixture fixture)
    {
        _app = fixture.App;
        _client = _app.ClientOf(_user);
    }

    [Fact]
    public async Task A_user_pages_through_the_own_orders_newest_first()
    {
        List<Guid> placed = [];
        for (var i = 0; i < 5; i++)
        {
            placed.Insert(0, await PlaceAsync());
            await _app.ProjectAsync(placed[0]);
        }

        var first = await _client.GetJsonAsync("/api/orders?page=1&pageSize=2");
        var last = await _client.GetJsonAsync("/api/orders?page=3&pageSize=2");

        Assert.Equal(5, first.GetProperty("total").GetInt32());
        Assert.Equal(1, first.GetProperty("page").GetInt32());
        Assert.Equal(2, first.GetProperty("pageSize").GetInt32());
        Assert.Equal(placed[..2], Ids(first));
        Assert.Equal(placed[4..], Ids(last));
        Assert.Equal(
            0,
            (await _app.ClientOf(Guid.CreateVersion7()).GetJsonAsync("/api/orders")).GetProperty("total").GetInt32()
        );
    }

    [Fact]
    public async Task The_list_is_fed_by_events_alone()
    {
        var id = await PlaceAsync();

        Assert.Empty(Ids(await _client.GetJsonAsync("/api/orders")));
        Assert.Equal("Pending", (await _client.GetJsonAsync($"/api/orders/{id}")).Text("status"));

        await _app.ProjectAsync(id);
        Assert.Equal([id], Ids(await _client.GetJsonAsync("/api/orders")));
    }

    [Fact]
    public async Task An_order_is_listed_as_it_was_ordered_with_the_image_that_its_product_has_now()
    {
        var desk = _app.Catalog.Add(120m, "Desk");
        var lamp = _app.Catalog.Add(15.5m);
        var id = await _client.PlaceOkAsync(Requests.Order((desk, 1), (lamp, 2)));
        await _app.ProjectAsync(id);
        await _app.ReceiveAsync(new OfferedProduct(desk, "Standing desk", 200m, "USD", 2, "/images/desk.jpg"));
        await _app.ReceiveAsync(new OfferedProduct(desk, "Desk", 120m, "USD", 1)); // late
        await _app.ReceiveAsync(new DeletedProduct(lamp, 3));
        await _app.ReceiveAsync(new OfferedProduct(lamp, "Lamp", 15.5m, "USD", 2, "/images/lamp.jpg")); // late

        var order = (await _client.GetJsonAsync("/api/orders")).GetProperty("items")[0];

        Assert.Equal(id, order.GetProperty("id").GetGuid());
        Assert.Equal(145.75m, order.GetProperty("total").GetDecimal());
        Assert.Equal("USD", order.Text("currency"));
        Assert.Equal(2, order.GetProperty("itemCount").GetInt32());
        var (first, second) = (order.GetProperty("items")[0], order.GetProperty("items")[1]);
        Assert.Equal(("Desk", "/images/desk.jpg"), (first.Text("name"), first.Text("image")));
        Assert.Equal(
            (120m, 1),
            (first.GetProperty("unitPrice").GetDecimal(), first.GetProperty("quantity").GetInt32())
        );
        Assert.Equal(
            (false, true),
            (first.GetProperty("discontinued").GetBoolean(), second.GetProperty("discontinued").GetBoolean())
        );
        Assert.False(second.TryGetProperty("image", out _));
    }

    [Fact]
    public async Task A_long_order_is_listed_with_its_first_lines()
    {
        var lines = Enumerable.Range(0, 20).Select(_ => (_app.Catalog.Add(1m), 1)).ToArray();
        await _app.ProjectAsync(await _client.PlaceOkAsync(Requests.Order(lines)));

        var order = (await _client.GetJsonAsync("/api/orders")).GetProperty("items")[0];

        Assert.Equal(20, order.GetProperty("itemCount").GetInt32());
        Assert.Equal(
            lines.Take(5).Select(line => line.Item1),
            order.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("productId").GetGuid())
        );
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task However_the_events_come_the_list_ends_with_the_last_state_and_each_order_once(
        bool newestFirst,
        int times
    )
    {
        var delivered = await PlaceAsync();
        await ConfirmAsync(delivered);
        using var ship = await OperatorAsync(delivered, "ship");
        using var deliver = await OperatorAsync(delivered, "deliver");
        var cancelled = await PlaceAsync();
        await ConfirmAsync(cancelled);
        using var cancel = await OperatorAsync(cancelled, "cancel");

        await _app.ProjectAsync(delivered, newestFirst, times);
        await _app.ProjectAsync(cancelled, newestFirst, times);

        var list = await _client.GetJsonAsync("/api/orders");
        Assert.Equal(2, list.GetProperty("total").GetInt32());
        Assert.Equal([cancelled, delivered], Ids(list));
        Assert.Equal(["Cancelled", "Delivered"], Statuses(list));
        Assert.Equal("CancelledByCustomer", list.GetProperty("items")[0].Text("cancellationReason"));
        Assert.False(list.GetProperty("items")[1].TryGetProperty("cancellationReason", out _));
    }

    [Fact]
    public async Task An_order_of_which_only_a_later_event_has_come_is_not_listed_yet()
    {
        await _app.ReceiveAsync(new ConfirmedOrder(Guid.CreateVersion7(), _user));

        var list = await _client.GetJsonAsync("/api/orders");

        Assert.Empty(Ids(list));
        Assert.Equal(0, list.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_operator_lists_everybodys_orders_and_those_of_a_status()
    {
        var pending = await PlaceAsync();
        var confirmed = await PlaceAsync();
        await ConfirmAsync(confirmed);
        await _app.ProjectAsync(pending);
        await _app.ProjectAsync(confirmed);
        var staff = _app.ClientOf(Guid.CreateVersion7(), "operator");

        var all = await staff.GetJsonAsync("/api/orders?all=true&pageSize=100");
        var toShip = await staff.GetJsonAsync("/api/orders?all=true&status=Confirmed&pageSize=100");
        var own = await staff.GetJsonAsync("/api/orders");

        Assert.Contains(pending, Ids(all));
        Assert.Contains(confirmed, Ids(all));
        Assert.Contains(confirmed, Ids(toShip));
        Assert.DoesNotContain(pending, Ids(toShip));
        Assert.All(Statuses(toShip), status => Assert.Equal("Confirmed", status));
        Assert.True(toShip.GetProperty("total").GetInt64() >= 1);
        Assert.Contains(
            _user,
            all.GetProperty("items").EnumerateArray().Select(order => order.GetProperty("userId").GetGuid())
        );
        Assert.Empty(Ids(own));
    }

    [Theory]
    [InlineData("all=true", HttpStatusCode.Forbidden, "operators-only")]
    [InlineData("status=Confirmed", HttpStatusCode.BadRequest, "status")]
    [InlineData("all=true&status=Sold", HttpStatusCode.BadRequest, "status")]
    [InlineData("all=true&status=1", HttpStatusCode.BadRequest, "status")]
    [InlineData("all=perhaps", HttpStatusCode.BadRequest, "all")]
    [InlineData("q=01900000", HttpStatusCode.BadRequest, "q")]
    [InlineData("placedAfter=2026-12-01T00:00:00Z", HttpStatusCode.BadRequest, "placedAfter")]
    [InlineData("all=true&q=0190000", HttpStatusCode.BadRequest, "q")]
    [InlineData("all=true&q=0190000g", HttpStatusCode.BadRequest, "q")]
    [InlineData("all=true&q=019000000", HttpStatusCode.BadRequest, "q")]
    [InlineData("all=true&q=' OR 1=1 --", HttpStatusCode.BadRequest, "q")]
    [InlineData("all=true&placedBefore=2026-12-01", HttpStatusCode.BadRequest, "placedBefore")]
    [InlineData("all=true&placedBefore=2026-12-01T00:00:00", HttpStatusCode.BadRequest, "placedBefore")]
    [InlineData("all=true&placedBefore=12/01/2026", HttpStatusCode.BadRequest, "placedBefore")]
    public async Task A_customer_gets_the_own_orders_only(string query, HttpStatusCode status, string named)
    {
        var response = await _client.GetAsync(
            new Uri($"/api/orders?{query}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(
            named,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private Task<Guid> PlaceAsync() => _client.PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private async Task ConfirmAsync(Guid id)
    {
        await _app.ReceiveAsync(new StockReserved(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));
        await _app.ReceiveAsync(new StockCommitted(id));
    }

    private async Task<HttpResponseMessage> OperatorAsync(Guid id, string what)
    {
        var response = await _app.ClientOf(Guid.CreateVersion7(), "operator")
            .PostAsync(
                new Uri($"/api/orders/{id}/{what}", UriKind.Relative),
                null,
                TestContext.Current.CancellationToken
            );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private static IEnumerable<Guid> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(order => order.GetProperty("id").GetGuid());

    private static IEnumerable<string> Statuses(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(order => order.Text("status"));
}
