using System.Diagnostics;
using System.Net;
using System.Text.Json;
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

    [Fact]
    public async Task The_timeline_leads_staff_to_the_trace_of_the_order()
    {
        string trace;
        Guid id;
        using (var activity = new Activity("checkout").Start())
        {
            trace = activity.TraceId.ToHexString();
            id = await PlaceAsync();
        }

        var url = $"/api/orders/{id}/timeline";
        var toStaff = await _app.ClientOf(Guid.CreateVersion7(), "operator").GetJsonAsync(url);
        var toCustomer = await _app.ClientOf(_user).GetJsonAsync(url);

        Assert.Equal(trace, toStaff.Text("traceId"));
        Assert.Equal(JsonValueKind.Null, toCustomer.GetProperty("traceId").ValueKind);
    }

    private Task<Guid> PlaceAsync() => _app.ClientOf(_user).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri url) =>
        (await client.GetAsync(url, TestContext.Current.CancellationToken)).StatusCode;
}
