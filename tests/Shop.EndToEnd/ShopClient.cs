using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd;

/// <summary>What a shopper's program does at the gateway, in the name of the demo customer.</summary>
internal sealed class ShopClient(Uri shop)
{
    private static readonly TimeSpan s_sagaLimit = TimeSpan.FromSeconds(90);

    /// <summary>Comes as the demo customer, unless a request says that somebody else sends it.</summary>
    public HttpClient Http { get; } = new(new DemoCustomer(shop)) { BaseAddress = shop };

    /// <summary>Comes as nobody.</summary>
    public HttpClient Stranger { get; } = new() { BaseAddress = shop };

    public static JsonObject OrderBody(
        string productId,
        int quantity,
        string paymentMethod = "pm_card_visa",
        string region = "US-CA"
    ) =>
        new()
        {
            ["items"] = new JsonArray(new JsonObject { ["productId"] = productId, ["quantity"] = quantity }),
            ["shippingAddress"] = new JsonObject
            {
                ["name"] = "Ada Lovelace",
                ["street"] = "12 Analytical Way",
                ["city"] = "Sacramento",
                ["postalCode"] = "95814",
                ["region"] = region,
                ["country"] = region.Split('-')[0],
            },
            ["paymentMethod"] = paymentMethod,
        };

    public async Task<HttpResponseMessage> PostOrderAsync(JsonNode body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders")
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Add("Idempotency-Key", idempotencyKey ?? Guid.NewGuid().ToString());
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Places an order and returns its id.</summary>
    public async Task<string> OrderAsync(string productId, int quantity, string paymentMethod = "pm_card_visa")
    {
        using var response = await PostOrderAsync(OrderBody(productId, quantity, paymentMethod));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(
            response.StatusCode == HttpStatusCode.Created,
            $"POST /api/orders answered {(int)response.StatusCode}: {text}"
        );
        return JsonNode.Parse(text)!["id"]!.GetValue<string>();
    }

    public async Task<JsonElement> GetAsync(string path) =>
        await Http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>Waits until the saga has ended one way or the other and returns the order.</summary>
    public async Task<JsonElement> WaitForEndAsync(string orderId)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_sagaLimit);
        while (true)
        {
            var order = await GetAsync($"/api/orders/{orderId}");
            if (order.GetProperty("status").GetString() != "Pending")
                return order;
            Assert.False(
                limit.IsCancellationRequested,
                $"Order {orderId} is still pending after {s_sagaLimit.TotalSeconds} s: {order}"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What Inventory says is left of a product.</summary>
    public async Task<int> AvailableAsync(string productId) =>
        (await GetAsync($"/api/inventory/{productId}")).GetProperty("available").GetInt32();

    /// <summary>Waits until Inventory has as many as expected: releases follow the end of the saga.</summary>
    public async Task WaitForAvailableAsync(string productId, int expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_sagaLimit);
        while (await AvailableAsync(productId) is var available && available != expected)
        {
            Assert.False(
                limit.IsCancellationRequested,
                $"{available} of {productId} are available where {expected} were expected."
            );
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }
}
