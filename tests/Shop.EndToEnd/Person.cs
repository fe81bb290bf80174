using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.EndToEnd;

/// <summary>
/// Somebody at the gateway: a customer of whom nobody has heard before, or somebody of the staff, <c>operator</c> or
/// <c>admin</c>.
/// </summary>
internal sealed class Person
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;
    private readonly Lazy<Task<Account>> _account;

    public Person(HttpClient http, string role = "customer")
    {
        _http = http;
        _account = new Lazy<Task<Account>>(async () =>
            role == "customer"
                ? await RegisterAsync($"{Guid.NewGuid():N}@people.test")
                : new Account(SendAsync, $"{role}@shop.test")
        );
    }

    public Task<HttpResponseMessage> GetResponseAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await GetResponseAsync(path);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"GET {path} answered {(int)response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>
    /// Places an order as the API tells a client to: when a service does not answer in time, the request is repeated with the
    /// same Idempotency-Key.
    /// </summary>
    public async Task<string> OrderAsync(string productId, int quantity, string paymentMethod = "pm_card_visa")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            var body = JsonContent.Create(ShopClient.OrderBody(productId, quantity, paymentMethod));
            using var response = await SendAsync(HttpMethod.Post, "/api/orders", body, key);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.Created)
                return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("id").GetString()!;
            var answer = $"Ordering answered {(int)response.StatusCode}: {text}";
            Assert.True((int)response.StatusCode >= 502, answer);
            Assert.False(limit.IsCancellationRequested, answer);
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again until the answer is as expected, and fails with the last one when it does not become so.</summary>
    public async Task<JsonElement> WaitForAsync(string path, string what, Func<JsonElement, bool> expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        while (true)
        {
            var answer = await GetAsync(path);
            if (expected(answer))
                return answer;
            Assert.False(limit.IsCancellationRequested, $"Not {what} after {s_limit.TotalSeconds} s: {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again until there is such a thing: services hear of each other's by events.</summary>
    public async Task WaitForFoundAsync(string path)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        while (true)
        {
            using var response = await GetResponseAsync(path);
            if (response.StatusCode == HttpStatusCode.OK)
                return;
            Assert.False(limit.IsCancellationRequested, $"{path} still answers {(int)response.StatusCode}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    public Task<JsonElement> WaitForStatusAsync(string orderId, string status) =>
        WaitForAsync($"/api/orders/{orderId}", status, order => order.GetProperty("status").GetString() == status);

    /// <summary>Waits until the saga has ended one way or the other and returns the order.</summary>
    public Task<JsonElement> WaitForEndAsync(string orderId) =>
        WaitForAsync($"/api/orders/{orderId}", "ended", order => order.GetProperty("status").GetString() != "Pending");

    /// <summary>The timeline of an order, line by line.</summary>
    public async Task<IReadOnlyList<string>> TimelineAsync(string orderId) =>
        [
            .. (await GetAsync($"/api/orders/{orderId}/timeline"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(line => line.GetProperty("text").GetString()!),
        ];

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        string? idempotencyKey = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await SendAsSelfAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsSelfAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = await AuthorizationAsync();
        return await SendAsync(request);
    }

    public async Task<AuthenticationHeaderValue> AuthorizationAsync() =>
        await (await _account.Value).AuthorizationAsync();

    private async Task<Account> RegisterAsync(string email)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/users");
        request.Content = JsonContent.Create(
            new
            {
                email,
                name = "Somebody",
                password = Account.Password,
            }
        );
        using var response = await SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return new Account(SendAsync, email);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        _http.SendAsync(request, TestContext.Current.CancellationToken);
}
