using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.Ordering.Tests.Support;

/// <summary>Requests as a client writes them.</summary>
internal static class Requests
{
    public static JsonObject Order(params (Guid ProductId, int Quantity)[] lines) =>
        new()
        {
            ["items"] = new JsonArray([
                .. lines.Select(line => new JsonObject
                {
                    ["productId"] = line.ProductId.ToString(),
                    ["quantity"] = line.Quantity,
                }),
            ]),
            ["shippingAddress"] = new JsonObject
            {
                ["name"] = "Ada Lovelace",
                ["street"] = "1 Main St",
                ["city"] = "Sacramento",
                ["postalCode"] = "94203",
                ["region"] = "US-CA",
                ["country"] = "US",
            },
            ["paymentMethod"] = "pm_card_visa",
        };

    public static async Task<HttpResponseMessage> PlaceAsync(
        this HttpClient client,
        JsonNode order,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders")
        {
            Content = JsonContent.Create(order),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<Guid> PlaceOkAsync(this HttpClient client, JsonNode order)
    {
        var response = await client.PlaceAsync(order);
        var json = await response.JsonAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, json.ToString());
        return json.GetProperty("id").GetGuid();
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string url)
    {
        var response = await client.GetAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken);
        var json = await response.JsonAsync();
        Assert.True(response.IsSuccessStatusCode, json.ToString());
        return json;
    }

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
