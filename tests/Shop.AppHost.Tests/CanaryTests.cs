using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shop.AppHost.Tests.Telemetry;
using Shop.EndToEnd.Walk;

namespace Shop.AppHost.Tests;

/// <summary>
/// Canaries go where people's data goes: into every text of every operation, and with an order through the whole shop. None
/// comes out in telemetry, and a secret one is not even in the data.
/// </summary>
[Collection<SharedWalkers>]
public sealed class CanaryTests(RunningShop shop, Walkers walkers)
{
    private const string Canary = OtlpReceiver.Canary;
    private const int AtOnce = 4;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static readonly string[] s_services =
    [
        "gateway",
        "catalog",
        "ordering",
        "inventory",
        "payments",
        "billing",
        "notifications",
        "users",
        "search",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_type_is_in_no_span_metric_or_log_and_secrets_are_nowhere()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var requests = new TextRequests(api, walkers)
            .Of([Canary])
            // A correlation id is there to be logged.
            .Where(request => request.Headers.All(header => header.Name != "X-Correlation-Id"))
            .ToList();
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel },
            async (request, cancel) =>
            {
                using var message = request.ToMessage(walkers.Http.BaseAddress!, walkers.TokenOf(request.Caller));
                using var response = await walkers.Impatient.SendAsync(message, cancel);
                Assert.True((int)response.StatusCode < 500, $"{request}: {(int)response.StatusCode}");
            }
        );
        await OrderAsync();
        var secrets = await UseSecretsAsync();
        await FailAsync(api);

        // Every service has reported what it did since then.
        var traceId = await AskEveryServiceAsync(api);
        using var limit = new CancellationTokenSource(s_limit);
        while (Silent(traceId) is { Count: > 0 } silent)
        {
            Assert.False(limit.IsCancellationRequested, $"No span of {string.Join(", ", silent)} in {traceId}.");
            await Task.Delay(200, Cancel);
        }

        var canaries = shop.Telemetry.Canaries;
        Assert.True(canaries.Count == 0, string.Join('\n', canaries));
        foreach (var secret in secrets)
            Assert.Empty(FilesWith(secret));
        // The search would find them: this one is kept, as it has to be.
        Assert.NotEmpty(FilesWith($"{Canary} Street"));
    }

    private List<string> Silent(string traceId) =>
        [
            .. s_services.Except(
                shop.Telemetry.Spans.Where(span => span.TraceId == traceId).Select(span => span.Service)
            ),
        ];

    private async Task OrderAsync()
    {
        var body = ShopClient.OrderBody(walkers.IdFor("/api/products", new Random(1)), 1);
        var address = body["shippingAddress"]!;
        address["name"] = $"{Canary} Name";
        address["street"] = $"{Canary} Street";
        address["city"] = $"{Canary} City";
        var order = await walkers.PlaceOrderAsync(body);
        await walkers.SendAsync(
            "operator",
            HttpMethod.Post,
            $"/api/orders/{order}/ship",
            new { carrier = $"{Canary} Post", trackingNumber = $"{Canary}1" }
        );
    }

    /// <returns>What may be kept nowhere.</returns>
    private async Task<IReadOnlyList<string>> UseSecretsAsync()
    {
        var email = $"{Canary}@people.test";
        var password = $"{Canary}-password";
        var user = new JsonObject
        {
            ["email"] = email,
            ["name"] = $"{Canary} Person",
            ["password"] = password,
        };
        using var registered = await walkers.Http.PostAsJsonAsync("/api/users", user, Cancel);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var token = await walkers.SignInAsync("customer", ("username", email), ("password", password));
        var wrong = $"{Canary}-wrong-password";
        using var form = walkers.SignInForm("customer", ("username", email), ("password", wrong));
        using var refused = await walkers.Http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        // A card number where a payment method belongs.
        const string Card = "4929123456781234";
        var body = ShopClient.OrderBody(walkers.IdFor("/api/products", new Random(1)), 1, Card);
        using var order = walkers.RequestOf("customer", HttpMethod.Post, "/api/orders");
        order.Content = JsonContent.Create(body);
        using var answer = await walkers.Http.SendAsync(order, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return [password, wrong, token, Card];
    }

    // GraphQL's variables and literals, paths, and bodies that cannot be read.
    private async Task FailAsync(ApiDescription api)
    {
        var query = new JsonObject
        {
            ["query"] = $$"""query($q: String) { products(query: $q) { nope } other(name: "{{Canary}}") }""",
            ["variables"] = new JsonObject { ["q"] = Canary },
        };
        using var graph = await walkers.Http.PostAsJsonAsync("/graphql", query, Cancel);
        string[] words = [Canary, $"{Canary}@people.test"];
        string[] pages = ["", "products/", "orders/", "invoices/", "staff/users/", "staff/dead-letters/"];
        string[] paths =
        [
            .. api.Operations.Where(one => one.Method == "GET").Select(one => one.Path),
            .. pages.Select(page => $"/{page}{{id}}"),
        ];
        foreach (var path in paths.Where(path => path.Contains('{', StringComparison.Ordinal)))
        foreach (var word in words)
        {
            var address = Regex.Replace(path, "{[^}]+}", word) + $"?q={word}";
            using var request = walkers.RequestOf("admin", HttpMethod.Get, address);
            using var response = await walkers.Http.SendAsync(request, Cancel);
            Assert.InRange((int)response.StatusCode, 300, 499);
        }

        foreach (var path in new[] { "/api/orders", "/api/users", "/api/products" })
        {
            using var request = walkers.RequestOf("admin", HttpMethod.Post, path);
            request.Content = new StringContent($"{{\"{Canary}\": {Canary}", Encoding.UTF8, "application/json");
            using var response = await walkers.Http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    private async Task<string> AskEveryServiceAsync(ApiDescription api)
    {
        var traceId = Guid.NewGuid().ToString("N");
        foreach (var path in api.Operations.Where(one => one.Method == "GET").Select(one => one.Path).Distinct())
        {
            if (path.Contains('{', StringComparison.Ordinal))
                continue;
            using var request = walkers.RequestOf("admin", HttpMethod.Get, path);
            request.Headers.Add("traceparent", $"00-{traceId}-00f067aa0ba902b7-01");
            using var response = await walkers.Http.SendAsync(request, Cancel);
        }

        return traceId;
    }

    private IEnumerable<string> FilesWith(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var file in Directory.EnumerateFiles(shop.Data, "*", SearchOption.AllDirectories))
        {
            var isFound = false;
            try
            {
                isFound = File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0;
            }
            catch (IOException)
            {
                // It went away meanwhile, as temporary files do.
            }

            if (isFound)
                yield return file;
        }
    }
}
