using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Testing;

namespace Shop.Billing.Tests;

public sealed class EndpointTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private static readonly Guid Other = Guid.Parse("01900000-0000-7000-8000-000000000002");
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly Guid _order = Guid.CreateVersion7();
    private BillingApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await BillingApp.StartAsync(infrastructure);
        await _app.PaidAsync(_order);
        await _app.ConfirmedAsync(Orders.Confirmed(_order, name: "<script>alert('Ada')</script> & Söhne"));
        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7(), Other));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_customer_sees_the_own_invoices_only()
    {
        var list = await ReadAsync(await GetAsync("/api/invoices"));

        var invoice = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(_order, invoice.GetProperty("orderId").GetGuid());
        Assert.Equal("2026-000001", invoice.GetProperty("number").GetString());
        Assert.Equal("PAID", invoice.GetProperty("status").GetString());
        Assert.Equal(Orders.Total, invoice.GetProperty("total").GetDecimal());
        Assert.Equal(1, list.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_customer_who_asks_for_somebody_elses_gets_nothing()
    {
        var list = await ReadAsync(await GetAsync($"/api/invoices?userId={Other}"));

        Assert.Empty(list.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_operator_sees_everybodys_or_one_users()
    {
        var all = await ReadAsync(await GetAsync("/api/invoices?page=2&pageSize=1", role: "operator"));
        var one = await ReadAsync(await GetAsync($"/api/invoices?userId={Other}", role: "operator"));

        Assert.Equal(2, all.GetProperty("total").GetInt32());
        Assert.Equal(
            "2026-000001",
            Assert.Single(all.GetProperty("items").EnumerateArray()).GetProperty("number").GetString()
        );
        Assert.Equal(
            "2026-000002",
            Assert.Single(one.GetProperty("items").EnumerateArray()).GetProperty("number").GetString()
        );
    }

    [Fact]
    public async Task An_operator_can_ask_for_the_own_ones_only()
    {
        var mine = await ReadAsync(await GetAsync("/api/invoices?mine=true", role: "operator"));

        Assert.Equal(
            _order,
            Assert.Single(mine.GetProperty("items").EnumerateArray()).GetProperty("orderId").GetGuid()
        );
    }

    [Fact]
    public async Task The_invoices_of_a_list_of_orders_come_at_once_as_far_as_they_are_the_callers()
    {
        var everybodys = await ReadAsync(await GetAsync("/api/invoices", role: "operator"));
        var orders = everybodys
            .GetProperty("items")
            .EnumerateArray()
            .Select(item => item.GetProperty("orderId").GetGuid());
        var query = $"/api/invoices?orderIds={string.Join(',', orders)},{Guid.CreateVersion7()}";

        var own = await ReadAsync(await GetAsync(query));
        var operators = await ReadAsync(await GetAsync(query, role: "operator"));
        var one = await ReadAsync(await GetAsync($"/api/invoices?orderIds={_order}", role: "operator"));

        Assert.Equal(_order, Assert.Single(own.GetProperty("items").EnumerateArray()).GetProperty("orderId").GetGuid());
        Assert.Equal(2, operators.GetProperty("total").GetInt32());
        Assert.Equal(1, one.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Unpaid_invoices_are_overdue_after_30_days()
    {
        _app.Time.Advance(TimeSpan.FromDays(30));
        var before = await ReadAsync(await GetAsync("/api/invoices?overdue=true", role: "operator"));
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await ReadAsync(await GetAsync("/api/invoices?overdue=true", role: "operator"));

        Assert.Equal(0, before.GetProperty("total").GetInt32());
        Assert.Equal(
            "2026-000002",
            Assert.Single(after.GetProperty("items").EnumerateArray()).GetProperty("number").GetString()
        );
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("page=many", "page")]
    [InlineData("status=0", "status")]
    [InlineData("status=late", "status")]
    [InlineData("userId=me", "userId")]
    [InlineData("orderIds=", "orderIds")]
    [InlineData("orderIds=1,2", "orderIds")]
    public async Task A_query_that_makes_no_sense_is_refused_and_names_the_field(string query, string field)
    {
        using var response = await GetAsync("/api/invoices?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await ReadAsync(response)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Somebody_elses_invoice_is_not_found_in_any_form()
    {
        var id = (await _app.InvoiceAsync(_order)).Id;
        await _app.RefundedAsync(_order);

        foreach (var path in (string[])["", "/print", "/credit-note", "/credit-note/print"])
        {
            using var own = await GetAsync($"/api/invoices/{id}{path}");
            using var others = await GetAsync($"/api/invoices/{id}{path}", user: Other);
            using var operators = await GetAsync($"/api/invoices/{id}{path}", "operator", Other);

            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
            Assert.Equal(HttpStatusCode.OK, operators.StatusCode);
        }
    }

    [Fact]
    public async Task An_invoice_is_json_unless_html_is_preferred()
    {
        var id = (await _app.InvoiceAsync(_order)).Id;

        var json = await ReadAsync(await GetAsync($"/api/invoices/{id}"));
        using var page = await GetAsync($"/api/invoices/{id}", accept: Browser);
        using var both = await GetAsync($"/api/invoices/{id}", accept: "application/json, text/html;q=0.5");

        Assert.Equal(2, json.GetProperty("lines").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("creditNote").ValueKind);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal("application/json", both.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_page_to_print_has_all_sums_and_can_run_nothing()
    {
        var id = (await _app.InvoiceAsync(_order)).Id;

        using var response = await GetAsync($"/api/invoices/{id}/print");
        var html = await TextAsync(response);

        foreach (var part in (string[])["2026-000001", "Teapot", "122.22 USD", "12.22 USD", "7.99 USD", "117.99 USD"])
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }
        Assert.Contains("&lt;script&gt;alert(&#x27;Ada&#x27;)&lt;/script&gt; &amp; S", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", html, StringComparison.OrdinalIgnoreCase);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains(StyleHash(html), policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credit_note_is_printed_too()
    {
        var id = (await _app.InvoiceAsync(_order)).Id;
        using var before = await GetAsync($"/api/invoices/{id}/credit-note");
        await _app.RefundedAsync(_order);

        var json = await ReadAsync(await GetAsync($"/api/invoices/{id}/credit-note"));
        var page = await TextAsync(await GetAsync($"/api/invoices/{id}/credit-note/print"));
        var invoice = await TextAsync(await GetAsync($"/api/invoices/{id}/print"));

        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        Assert.Equal("CN-2026-000001", json.GetProperty("number").GetString());
        Assert.Contains("110.00 USD", page, StringComparison.Ordinal);
        Assert.Contains("117.99 USD", page, StringComparison.Ordinal);
        Assert.Contains("Credited by CN-2026-000001", invoice, StringComparison.Ordinal);
    }

    private static string StyleHash(string html)
    {
        var style = html.Split("<style>")[1].Split("</style>")[0];
        return Convert.ToBase64String(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))
        );
    }

    private async Task<HttpResponseMessage> GetAsync(
        string path,
        string role = "customer",
        Guid? user = null,
        string? accept = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = _app.Tokens.Bearer(user ?? BillingApp.Customer, role);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }
        return await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
