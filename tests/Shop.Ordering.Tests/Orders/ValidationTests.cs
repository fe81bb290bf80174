using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

[Collection<OrderingService>]
public sealed class ValidationTests(OrderingFixture fixture)
{
    private const string CardNumber = "4242424242424242";

    private readonly OrderingApp _app = fixture.App;
    private readonly Guid _user = Guid.CreateVersion7();

    public static TheoryData<string, string, string, Action<JsonObject>> Refused =>
        new()
        {
            { "empty order", "items", "empty-order", o => o["items"] = new JsonArray() },
            { "no items", "items", "empty-order", o => o.Remove("items") },
            { "line is null", "items[0].productId", "invalid-order", o => o["items"]![0] = null },
            { "quantity 0", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = 0 },
            { "quantity -1", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = -1 },
            { "quantity 1001", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = 1001 },
            { "a billion", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = 1_000_000_000 },
            {
                "more than an int",
                "items[0].quantity",
                "invalid-quantity",
                o => Line(o)["quantity"] = 1_000_000_000_000
            },
            { "text for a number", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = "2" },
            { "half a piece", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = 1.5 },
            { "true for a number", "items[0].quantity", "invalid-quantity", o => Line(o)["quantity"] = true },
            { "no quantity", "items[0].quantity", "invalid-quantity", o => Line(o).Remove("quantity") },
            { "no guid", "items[0].productId", "invalid-json-member", o => Line(o)["productId"] = "lamp" },
            {
                "the same product twice",
                "items[1].productId",
                "duplicate-product",
                o => o["items"]!.AsArray().Add(Line(o).DeepClone())
            },
            { "too many lines", "items", "too-many-lines", o => o["items"] = Lines(101) },
            { "unknown member", "items[0].qty", "invalid-json-member", o => Line(o)["qty"] = 1 },
            { "no address", "shippingAddress", "invalid-address", o => o.Remove("shippingAddress") },
            { "blank name", "shippingAddress.name", "invalid-address", o => Address(o)["name"] = "  " },
            { "no city", "shippingAddress.city", "invalid-address", o => Address(o).Remove("city") },
            {
                "long street",
                "shippingAddress.street",
                "invalid-address",
                o => Address(o)["street"] = new string('x', 201)
            },
            { "a zero character", "shippingAddress.name", "invalid-address", o => Address(o)["name"] = "A\0da" },
            { "an invisible name", "shippingAddress.name", "invalid-address", o => Address(o)["name"] = "\u200B" },
            { "a blank of Braille", "shippingAddress.city", "invalid-address", o => Address(o)["city"] = "\u2800" },
            { "an override", "shippingAddress.street", "invalid-address", o => Address(o)["street"] = "a\u202Eb" },
            {
                "a wrong ZIP code",
                "shippingAddress.postalCode",
                "invalid-postal-code",
                o => Address(o)["postalCode"] = "1"
            },
            { "unknown region", "shippingAddress.region", "unknown-region", o => Address(o)["region"] = "US-XX" },
            {
                "region of another country",
                "shippingAddress.region",
                "region-outside-country",
                o => Address(o)["country"] = "DE"
            },
            { "no payment method", "paymentMethod", "missing-payment-method", o => o.Remove("paymentMethod") },
            { "no token", "paymentMethod", "invalid-payment-method", o => o["paymentMethod"] = "visa" },
            {
                "a long token",
                "paymentMethod",
                "invalid-payment-method",
                o => o["paymentMethod"] = "pm_" + new string('x', 65)
            },
            { "a card number", "paymentMethod", "card-data-refused", o => o["paymentMethod"] = "4242 4242 4242 4242" },
            {
                "a card number in a token",
                "paymentMethod",
                "card-data-refused",
                o => o["paymentMethod"] = $"pm_{CardNumber}"
            },
            { "a CVV", "paymentMethod", "card-data-refused", o => o["paymentMethod"] = "123" },
            { "a CVV member", "cvv", "card-data-refused", o => o["cvv"] = "987" },
            { "a card member", "cardNumber", "card-data-refused", o => o["cardNumber"] = CardNumber },
            {
                "a card number in the address",
                "shippingAddress.street",
                "card-data-refused",
                o => Address(o)["street"] = "4242-4242-4242-4242"
            },
        };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_order_is_refused_by_its_field_and_writes_nothing(
        string what,
        string field,
        string type,
        Action<JsonObject> spoil
    )
    {
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        spoil(order);

        var response = await _app.ClientOf(_user).PlaceAsync(order, "key");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var problem = await response.JsonAsync();

        Assert.True(
            response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity,
            $"{what}: {text}"
        );
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"https://shop.example/problems/{type}", problem.Text("type"));
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), text);
        Assert.DoesNotContain("4242", Said(problem), StringComparison.Ordinal);
        Assert.DoesNotContain("987", Said(problem), StringComparison.Ordinal);
        Assert.DoesNotContain("Shop.Ordering", Said(problem), StringComparison.Ordinal);
        Assert.False(await _app.InDatabaseAsync(db => db.Orders.AnyAsync(o => o.UserId == _user)));
        Assert.False(await _app.InDatabaseAsync(db => db.IdempotencyRecords.AnyAsync(r => r.UserId == _user)));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData("10e-1")]
    [InlineData("1.000")]
    public async Task A_whole_number_is_one_however_JSON_writes_it(string quantity)
    {
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        Line(order)["quantity"] = JsonNode.Parse(quantity);

        var response = await _app.ClientOf(_user).PlaceAsync(order);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(1, (await response.JsonAsync()).GetProperty("items")[0].GetProperty("quantity").GetInt32());
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("1e10")]
    [InlineData("\"1\"")]
    public async Task What_is_no_whole_number_in_the_range_is_refused_in_the_same_words(string quantity)
    {
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        Line(order)["quantity"] = JsonNode.Parse(quantity);

        var problem = await (await _app.ClientOf(_user).PlaceAsync(order)).JsonAsync();

        Assert.Equal(
            "Must be a whole number from 1 to 1000.",
            problem.GetProperty("errors").GetProperty("items[0].quantity")[0].GetString()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"items\": [}")]
    [InlineData("{\"4242424242424242\": 1}")]
    [InlineData("{\"paymentMethod\": \"a\", \"paymentMethod\": \"b\"}")]
    [InlineData("{\"shippingAddress\": {\"name\": \"\\ud800\"}}")]
    public async Task A_body_that_is_no_JSON_object_of_ours_is_a_400(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var response = await _app.ClientOf(_user)
            .PostAsync(new Uri("/api/orders", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var problem = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("https://shop.example/problems/", problem.Text("type"), StringComparison.Ordinal);
        Assert.DoesNotContain("4242", Said(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_called_JSON_is_a_415()
    {
        using var content = new StringContent("<order/>", Encoding.UTF8, "application/xml");

        var response = await _app.ClientOf(_user)
            .PostAsync(new Uri("/api/orders", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_413()
    {
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        Address(order)["street"] = new string('x', 70_000);

        var response = await _app.ClientOf(_user).PlaceAsync(order);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    // Without the trace's and the correlation's id, in which any digits may be.
    private static string Said(JsonElement problem) =>
        string.Join(
            '\n',
            problem
                .EnumerateObject()
                .Where(member => member.Name is not ("traceId" or "correlationId"))
                .Select(member => member.ToString())
        );

    private static JsonObject Line(JsonObject order) => order["items"]![0]!.AsObject();

    private static JsonObject Address(JsonObject order) => order["shippingAddress"]!.AsObject();

    private static JsonArray Lines(int count) =>
        Requests.Order([.. Enumerable.Range(0, count).Select(_ => (Guid.CreateVersion7(), 1))])["items"]!
            .DeepClone()
            .AsArray();
}
