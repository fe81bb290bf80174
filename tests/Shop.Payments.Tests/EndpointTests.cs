using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Payments.Domain;
using Shop.Testing;

namespace Shop.Payments.Tests;

public sealed class EndpointTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private static readonly Guid Other = Guid.Parse("01900000-0000-7000-8000-000000000002");

    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await PaymentsApp.StartAsync(infrastructure);
        await _app.ProcessAsync(_order);
        await _app.ProcessAsync(Guid.CreateVersion7(), "pm_card_chargeDeclined", userId: Other);
        await _app.RunDueAsync();
        await _app.ShipAsync(_order);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_customer_sees_the_own_payments_only()
    {
        var list = await ReadAsync(await SendAsync(HttpMethod.Get, "/api/payments"));

        var payment = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(_order, payment.GetProperty("orderId").GetGuid());
        Assert.Equal(49.90m, payment.GetProperty("amount").GetDecimal());
        Assert.Equal("Succeeded", payment.GetProperty("status").GetString());
        Assert.Equal(1, list.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_operator_sees_everybodys_in_pages()
    {
        var list = await ReadAsync(
            await SendAsync(HttpMethod.Get, "/api/payments?page=2&pageSize=1", role: "operator")
        );

        Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(2, list.GetProperty("total").GetInt32());
        Assert.Equal(2, list.GetProperty("page").GetInt32());
        Assert.Equal(1, list.GetProperty("pageSize").GetInt32());
    }

    [Fact]
    public async Task The_payment_of_an_order_is_found_by_the_order()
    {
        var own = await ReadAsync(await SendAsync(HttpMethod.Get, $"/api/payments?orderId={_order}", role: "operator"));
        var others = await ReadAsync(await SendAsync(HttpMethod.Get, $"/api/payments?orderId={Guid.NewGuid()}"));

        var payment = Assert.Single(own.GetProperty("items").EnumerateArray());
        Assert.Equal(_order, payment.GetProperty("orderId").GetGuid());
        Assert.Equal(0, others.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("orderId=x", "orderId")]
    [InlineData("page=0", "page")]
    [InlineData("pageSize=0", "pageSize")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("page=many", "page")]
    public async Task A_page_out_of_range_is_refused_and_names_the_field(string query, string field)
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/payments?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await ReadAsync(response)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Somebody_elses_payment_is_not_found()
    {
        var id = (await _app.PaymentAsync(_order)).Id;

        using var own = await SendAsync(HttpMethod.Get, $"/api/payments/{id}");
        using var others = await SendAsync(HttpMethod.Get, $"/api/payments/{id}", user: Other);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
    }

    [Fact]
    public async Task An_operator_refunds_once_however_often_it_is_asked()
    {
        using var first = await SendRefundAsync(new { reason = "damaged" });
        using var again = await SendRefundAsync();
        await _app.RunDueAsync();

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        var payment = await _app.PaymentAsync(_order);
        Assert.Equal(PaymentStatus.Refunded, payment.Status);
        Assert.Equal("damaged", payment.Refund!.Reason);
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no\0thing")]
    [InlineData("two\nlines")]
    public async Task A_reason_that_is_no_line_of_text_is_refused(string reason)
    {
        using var response = await SendRefundAsync(new { reason });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await ReadAsync(response)).GetProperty("errors").TryGetProperty("reason", out _));
        Assert.Null((await _app.PaymentAsync(_order)).Refund);
    }

    [Fact]
    public async Task A_customer_cannot_refund()
    {
        using var response = await SendRefundAsync(role: "customer");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null((await _app.PaymentAsync(_order)).Refund);
    }

    [Fact]
    public async Task A_payment_that_did_not_succeed_cannot_be_refunded()
    {
        var order = Guid.CreateVersion7();
        await _app.ProcessAsync(order, "pm_card_chargeDeclined");
        await _app.RunDueAsync();
        var id = (await _app.PaymentAsync(order)).Id;

        using var response = await SendAsync(HttpMethod.Post, $"/api/payments/{id}/refund", role: "operator");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Card_data_in_a_request_is_refused_and_not_repeated()
    {
        using var number = await SendRefundAsync(new { reason = "card 4242 4242 4242 4242" });
        using var field = await SendRefundAsync(new { reason = "damaged", cvv = "987" });

        Assert.Equal(HttpStatusCode.BadRequest, number.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, field.StatusCode);
        Assert.DoesNotContain("4242", await SaidAsync(number), StringComparison.Ordinal);
        Assert.DoesNotContain("987", await SaidAsync(field), StringComparison.Ordinal);
        Assert.Null((await _app.PaymentAsync(_order)).Refund);
    }

    private async Task<HttpResponseMessage> SendRefundAsync(object? body = null, string role = "operator")
    {
        var id = (await _app.PaymentAsync(_order)).Id;
        return await SendAsync(HttpMethod.Post, $"/api/payments/{id}/refund", role, body: body);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string role = "customer",
        Guid? user = null,
        object? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = _app.Tokens.Bearer(user ?? PaymentsApp.Customer, role);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }
        return await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>A problem without its random ids, in which any digits may turn up.</summary>
    private static async Task<string> SaidAsync(HttpResponseMessage response)
    {
        var problem = System.Text.Json.Nodes.JsonNode.Parse(await TextAsync(response))!.AsObject();
        problem.Remove("traceId");
        problem.Remove("correlationId");
        return problem.ToJsonString();
    }

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
