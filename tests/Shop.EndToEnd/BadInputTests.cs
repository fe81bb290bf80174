using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd;

public sealed class BadInputTests(RunningShop shop)
{
    private readonly ShopClient _client = shop.Client;

    public static TheoryData<string, string, HttpStatusCode, string> BadBodies { get; } =
        new()
        {
            { "a body that is no JSON", "{ \"items\": [", HttpStatusCode.BadRequest, "JSON" },
            { "an empty body", "", HttpStatusCode.BadRequest, "body" },
            { "an empty order", With(order => order["items"] = new JsonArray()), HttpStatusCode.BadRequest, "items" },
            { "an order without items", With(order => order.Remove("items")), HttpStatusCode.BadRequest, "items" },
            { "a quantity of 0", WithQuantity(0), HttpStatusCode.BadRequest, "items[0].quantity" },
            { "a quantity of -1", WithQuantity(-1), HttpStatusCode.BadRequest, "items[0].quantity" },
            { "a quantity of a billion", WithQuantity(1_000_000_000), HttpStatusCode.BadRequest, "items[0].quantity" },
            {
                "an unknown product",
                With(order => order["items"]![0]!["productId"] = "0190ffff-0000-7000-8000-000000000000"),
                HttpStatusCode.UnprocessableEntity,
                "items[0].productId"
            },
            {
                "an unknown region",
                With(order => order["shippingAddress"]!["region"] = "XX-YY"),
                HttpStatusCode.UnprocessableEntity,
                "shippingAddress.region"
            },
            {
                "a missing address",
                With(order => order.Remove("shippingAddress")),
                HttpStatusCode.BadRequest,
                "shippingAddress"
            },
            {
                "a card number for a payment method",
                With(order => order["paymentMethod"] = "4242 4242 4242 4242"),
                HttpStatusCode.BadRequest,
                "paymentMethod"
            },
        };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Bad_input_is_refused_with_its_own_problem_and_writes_nothing(
        string what,
        string body,
        HttpStatusCode status,
        string named
    )
    {
        var customer = new Person(_client.Stranger);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await customer.SendAsync(HttpMethod.Post, "/api/orders", content);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(
            response.StatusCode == status,
            $"{what} was answered {(int)response.StatusCode}, not {(int)status}: {text}"
        );
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(named, text, StringComparison.OrdinalIgnoreCase);
        var said = JsonNode.Parse(text)!.AsObject();
        said.Remove("traceId"); // random digits
        said.Remove("correlationId");
        Assert.DoesNotContain("4242", said.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.Equal(0, (await customer.GetAsync("/api/orders")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_repeated_idempotency_key_gives_the_same_order_and_another_body_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        var body = ShopClient.OrderBody(Products.Number(0x38), 1);

        using var first = await _client.PostOrderAsync(body, key);
        using var again = await _client.PostOrderAsync(body, key);
        using var other = await _client.PostOrderAsync(ShopClient.OrderBody(Products.Number(0x38), 2), key);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/api/orders/0190ffff-0000-7000-8000-000000000000")]
    [InlineData("/api/products/0190ffff-0000-7000-8000-000000000000")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_there_is_not_found_with_a_problem(string path)
    {
        using var response = await _client.Http.GetAsync(
            new Uri(path, UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Another_customers_order_is_not_found()
    {
        var id = await _client.OrderAsync(Products.Number(0x38), 1);

        using var response = await new Person(_client.Stranger).GetResponseAsync($"/api/orders/{id}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static string With(Action<JsonObject> change)
    {
        var order = ShopClient.OrderBody(Products.Number(0x38), 1);
        change(order);
        return order.ToJsonString();
    }

    private static string WithQuantity(int quantity) => With(order => order["items"]![0]!["quantity"] = quantity);
}
