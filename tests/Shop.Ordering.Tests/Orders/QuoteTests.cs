using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Tests.Support;
using Shop.Ordering.Views;

namespace Shop.Ordering.Tests.Orders;

/// <summary>What an order would cost, for a basket page: nobody signs in for it and nothing is stored.</summary>
[Collection<OrderingService>]
public sealed class QuoteTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;

    [Fact]
    public async Task A_quote_is_what_the_order_then_costs()
    {
        (Guid, int)[] lines = [(_app.Catalog.Add(120m, "Desk"), 1), (_app.Catalog.Add(15.5m), 2)];

        var quote = await OkAsync(Quote("US-CA", lines));
        var placed = await _app.ClientOf(Guid.CreateVersion7()).PlaceAsync(Requests.Order(lines));
        var order = await placed.JsonAsync();

        foreach (var amount in (string[])["subtotal", "discount", "tax", "total"])
        {
            Assert.Equal(
                (amount, order.GetProperty(amount).GetRawText()),
                (amount, quote.GetProperty(amount).GetRawText())
            );
        }

        Assert.Equal("LargeOrderDiscount", quote.Text("discountRule"));
        Assert.Equal("USD", quote.Text("currency"));
        Assert.True(quote.GetProperty("taxIsKnown").GetBoolean());
        var desk = quote.GetProperty("items")[0];
        Assert.Equal(("Desk", "Available"), (desk.Text("name"), desk.Text("status")));
        Assert.Equal(31m, quote.GetProperty("items")[1].GetProperty("lineTotal").GetDecimal());
    }

    [Fact]
    public async Task Without_a_region_the_tax_is_not_known_and_not_in_the_total()
    {
        var quote = await OkAsync(Quote(null, (_app.Catalog.Add(10m), 2)));

        Assert.False(quote.GetProperty("taxIsKnown").GetBoolean());
        Assert.Equal(0m, quote.GetProperty("tax").GetDecimal());
        Assert.Equal(20m, quote.GetProperty("total").GetDecimal());
        Assert.False(quote.TryGetProperty("discountRule", out _));
    }

    [Fact]
    public async Task Many_lines_get_the_discount_of_their_name()
    {
        var quote = await OkAsync(Quote(null, [.. Enumerable.Range(0, 6).Select(_ => (_app.Catalog.Add(10m), 1))]));

        Assert.Equal("BulkDiscount", quote.Text("discountRule"));
        Assert.Equal(3m, quote.GetProperty("discount").GetDecimal());
    }

    [Fact]
    public async Task What_cannot_be_ordered_is_said_by_its_line_and_costs_nothing()
    {
        var lamp = _app.Catalog.Add(10m, stock: 2);
        var removed = Guid.CreateVersion7();
        await _app.ReceiveAsync(new OfferedProduct(removed, "Old desk", 200m, "USD", 1));
        await _app.ReceiveAsync(new DeletedProduct(removed, 2));
        var unknown = Guid.CreateVersion7();

        var quote = await OkAsync(Quote("US-OR", (removed, 1), (lamp, 3), (unknown, 1)));

        var lines = quote.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["Discontinued", "NotEnoughStock", "Unknown"], lines.Select(line => line.Text("status")));
        Assert.Equal(["Old desk", "Lamp", null], lines.Select(line => line.GetProperty("name").GetString()));
        Assert.Equal(2, lines[1].GetProperty("available").GetInt32());
        Assert.Equal(30m, quote.GetProperty("total").GetDecimal());
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("unitPrice").ValueKind);
        Assert.Equal(JsonValueKind.Null, lines[2].GetProperty("lineTotal").ValueKind);
    }

    [Fact]
    public async Task A_quote_of_nothing_that_is_sold_costs_nothing()
    {
        var quote = await OkAsync(Quote("US-CA", (Guid.CreateVersion7(), 1)));

        Assert.Equal(0m, quote.GetProperty("total").GetDecimal());
        Assert.Equal(JsonValueKind.Null, quote.GetProperty("currency").ValueKind);
    }

    [Theory]
    [InlineData("""{ "items": [] }""", HttpStatusCode.BadRequest, "items")]
    [InlineData(
        """{ "items": [{ "productId": null, "quantity": 1 }] }""",
        HttpStatusCode.BadRequest,
        "items[0].productId"
    )]
    [InlineData(
        """{ "items": [{ "productId": "01900000-0000-7000-8000-000000100035", "quantity": 0 }] }""",
        HttpStatusCode.BadRequest,
        "items[0].quantity"
    )]
    [InlineData(
        """{ "items": [{ "productId": "01900000-0000-7000-8000-000000100035", "quantity": 1 }], "region": "XX-YY" }""",
        HttpStatusCode.UnprocessableEntity,
        "region"
    )]
    [InlineData("""{ "items": [], "userId": "1" }""", HttpStatusCode.BadRequest, "userId")]
    public async Task A_broken_request_is_refused_by_its_field(string body, HttpStatusCode status, string field)
    {
        var response = await SendAsync(JsonNode.Parse(body)!);

        Assert.Equal(status, response.StatusCode);
        Assert.True((await response.JsonAsync()).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Nothing_is_stored()
    {
        var before = await _app.InDatabaseAsync(db => db.Orders.CountAsync());

        await OkAsync(Quote("US-CA", (_app.Catalog.Add(10m), 1)));

        Assert.Equal(before, await _app.InDatabaseAsync(db => db.Orders.CountAsync()));
    }

    [Fact]
    public async Task Every_region_is_listed_with_its_name_country_and_tax()
    {
        using var anyone = _app.CreateClient();

        var regions = (await anyone.GetJsonAsync("/api/orders/regions")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(105, regions.Count);
        Assert.All(regions, region => Assert.NotEmpty(region.Text("name")));
        var columbia = regions.Single(region => region.Text("code") == "US-DC");
        Assert.Equal("District of Columbia", columbia.Text("name"));
        Assert.Equal(("US", "United States"), (columbia.Text("country"), columbia.Text("countryName")));
        Assert.Equal(0.06m, columbia.GetProperty("taxRate").GetDecimal());
        var berlin = regions.Single(region => region.Text("code") == "DE-BE");
        Assert.Equal(("Berlin", 0.19m), (berlin.Text("name"), berlin.GetProperty("taxRate").GetDecimal()));
    }

    [Fact]
    public async Task Regions_come_by_country_and_name_in_the_order_that_people_expect()
    {
        using var anyone = _app.CreateClient();

        var regions = (await anyone.GetJsonAsync("/api/orders/regions"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(region => $"{region.Text("countryName")}|{region.Text("name")}")
            .ToList();

        // The root order of ICU, which only the database has.
        var expected = await _app.InDatabaseAsync(db =>
            db.Database.SqlQuery<string>(
                    $"""
                    SELECT region AS "Value" FROM unnest({regions}) AS regions (region)
                    ORDER BY split_part(region, '|', 1) COLLATE "und-x-icu", split_part(region, '|', 2) COLLATE "und-x-icu"
                    """
                )
                .ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(expected, regions);
        Assert.Equal(
            ["France|Île-de-France", "France|Normandy"],
            regions.SkipWhile(region => region != "France|Île-de-France").Take(2)
        );
    }

    private static JsonObject Quote(string? region, params (Guid ProductId, int Quantity)[] lines)
    {
        var quote = new JsonObject { ["items"] = Requests.Order(lines)["items"]!.DeepClone() };
        if (region is not null)
        {
            quote["region"] = region;
        }

        return quote;
    }

    private async Task<HttpResponseMessage> SendAsync(JsonNode quote)
    {
        using var anyone = _app.CreateClient();
        using var content = JsonContent.Create(quote);
        return await anyone.PostAsync(
            new Uri("/api/orders/quote", UriKind.Relative),
            content,
            TestContext.Current.CancellationToken
        );
    }

    private async Task<JsonElement> OkAsync(JsonNode quote)
    {
        var response = await SendAsync(quote);
        var json = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, json.ToString());
        return json;
    }
}
