using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// Those in whose names the walk goes, and what is theirs: products, orders, payments, invoices and notifications that no
/// other test looks at, so that the walk may do with them what it likes.
/// </summary>
public sealed partial class Walkers(RunningShop shop) : IAsyncLifetime
{
    internal const string Anonymous = "anonymous";

    private const string Password = "Pa55-word!";
    private const int Things = 4;
    private static readonly string[] s_categories = ["outdoor"];
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, List<string>> _ids = [];
    private int _registered;

    internal static IReadOnlyList<string> Callers { get; } = [Anonymous, "customer", "operator", "admin"];

    /// <summary>The gateway, or the shop itself if it is one process.</summary>
    internal HttpClient Http { get; } =
        new(new Patience(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
        {
            BaseAddress = shop.Client.Http.BaseAddress,
            Timeout = TimeSpan.FromMinutes(2),
        };

    /// <summary>The same, and what is answered is answered: nothing is sent again.</summary>
    internal HttpClient Impatient { get; } =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = shop.Client.Http.BaseAddress,
            Timeout = TimeSpan.FromMinutes(2),
        };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Registers them, signs them in, and gives them something to walk over.</summary>
    public async ValueTask InitializeAsync()
    {
        _tokens["seeded"] = await SignInAsync("admin", ("username", "admin@shop.test"));
        foreach (var role in Callers.Skip(1))
        {
            var id = await RegisterAsync(role);
            IdsOf("users").Add(id);
            await SendAsync("seeded", HttpMethod.Put, $"/api/users/{id}/roles", new { roles = new[] { role } });
            _tokens[role] = await SignInAsync(role);
        }

        // Whom the walk never finds, and so never makes an operator.
        await RegisterAsync("stranger");
        _tokens["stranger"] = await SignInAsync("stranger");
        for (var i = 0; i < Things; i++)
            await CreateProductAsync();
        for (var i = 0; i < Things; i++)
            await PlaceOrderAsync(ShopClient.OrderBody(IdsOf("products")[i], 1));
        await FindAsync("payments", Things);
        await FindAsync("invoices", Things);
        await FindAsync("notifications", 1);
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        Impatient.Dispose();
        return ValueTask.CompletedTask;
    }

    internal string? TokenOf(string caller) => _tokens.GetValueOrDefault(caller);

    /// <summary>The id of something of theirs that is found under the path.</summary>
    internal string IdFor(string path, Random random)
    {
        var kind = path.Split('/')[2];
        var ids = IdsOf(kind == "inventory" ? "products" : kind);
        return ids.Count == 0 ? Guid.Empty.ToString() : ids[random.Next(ids.Count)];
    }

    /// <summary>An example out of the description, with what is theirs in the place of what belongs to everybody.</summary>
    internal string Own(string example, Random random) =>
        AnyId()
            .Replace(example, _ => IdFor("/api/products", random))
            .Replace("ada@example.com", $"walker-{_run}-{_registered++}@example.com", StringComparison.Ordinal)
            .Replace("customer@shop.test", EmailOf("customer"), StringComparison.Ordinal);

    private string EmailOf(string role) => $"{role}-{_run}@example.com";

    private List<string> IdsOf(string kind)
    {
        if (!_ids.TryGetValue(kind, out var ids))
            _ids[kind] = ids = [];
        return ids;
    }

    private async Task<string> RegisterAsync(string name)
    {
        var email = EmailOf(name);
        var user = await SendAsync(
            null,
            HttpMethod.Post,
            "/api/users",
            new
            {
                email,
                name = "Walker",
                password = Password,
            }
        );
        var id = user.GetProperty("id").GetString()!;
        return id;
    }

    private async Task CreateProductAsync()
    {
        var product = await SendAsync(
            "admin",
            HttpMethod.Post,
            "/api/products",
            new
            {
                name = "Walking Stick",
                description = "For random walks.",
                price = 12.50m,
                categories = s_categories,
            }
        );
        var id = product.GetProperty("id").GetString()!;
        // Inventory hears of it by an event.
        await UntilAsync(
            $"Inventory has not heard of product {id}",
            async () => await TryGetAsync("operator", $"/api/inventory/{id}") is not null
        );
        await SendAsync("operator", HttpMethod.Post, $"/api/inventory/{id}/restock", new { quantity = 1000 });
        IdsOf("products").Add(id);
    }

    /// <summary>Orders one and waits until it is confirmed.</summary>
    internal async Task<string> PlaceOrderAsync(JsonNode body)
    {
        var order = await SendAsync("customer", HttpMethod.Post, "/api/orders", body);
        var id = order.GetProperty("id").GetString()!;
        lock (_ids)
            IdsOf("orders").Add(id);
        await UntilAsync(
            $"Order {id} is not confirmed",
            async () =>
                (await TryGetAsync("customer", $"/api/orders/{id}"))?.GetProperty("status").GetString() == "Confirmed"
        );
        return id;
    }

    private Task FindAsync(string kind, int atLeast) =>
        UntilAsync(
            $"There are not {atLeast} {kind}",
            async () =>
            {
                var list = await TryGetAsync("customer", $"/api/{kind}?pageSize=100");
                var ids =
                    list?.GetProperty("items")
                        .EnumerateArray()
                        .Select(item => item.GetProperty("id").GetString()!)
                        .ToList()
                    ?? [];
                if (ids.Count < atLeast)
                    return false;
                IdsOf(kind).AddRange(ids);
                return true;
            }
        );

    /// <summary>What somebody of them signs in with, and what else or instead is asked for.</summary>
    internal FormUrlEncodedContent SignInForm(string caller, params (string Name, string Value)[] other)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = "shop-cli",
            ["scope"] = "shop",
            ["username"] = EmailOf(caller),
            ["password"] = Password,
        };
        foreach (var (name, value) in other)
            form[name] = value;
        return new FormUrlEncodedContent(form);
    }

    /// <summary>An access token.</summary>
    internal async Task<string> SignInAsync(string caller, params (string Name, string Value)[] other)
    {
        using var form = SignInForm(caller, other);
        using var response = await Http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancel);
        Assert.True(response.IsSuccessStatusCode, $"The {caller} cannot sign in: {(int)response.StatusCode}");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return answer.GetProperty("access_token").GetString()!;
    }

    /// <summary>Sends what must succeed.</summary>
    internal async Task<JsonElement> SendAsync(string? caller, HttpMethod method, string path, object? body)
    {
        using var request = RequestOf(caller, method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await Http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path} answered {(int)response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>
    /// Sends a body with a text that may be refused: whether it is taken, or else the field must be named, with 400 or what
    /// else is right for a text that could be meant.
    /// </summary>
    internal async Task<(bool Taken, JsonElement Answer)> TryAsync(
        HttpRequestMessage request,
        JsonNode body,
        string field,
        HttpStatusCode orElse = HttpStatusCode.BadRequest
    )
    {
        using (request)
        {
            var json = HostileTexts.InJson(body.ToJsonString());
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await Http.SendAsync(request, Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            var answer = text.Length == 0 ? default : JsonElement.Parse(text);
            Assert.True(
                response.IsSuccessStatusCode
                    || (
                        (response.StatusCode == HttpStatusCode.BadRequest || response.StatusCode == orElse)
                        && HostileTexts.AreRefusedBy(answer, field)
                    ),
                $"{request.Method} {request.RequestUri} answered {(int)response.StatusCode} to {json}: {text}"
            );
            return (response.IsSuccessStatusCode, answer);
        }
    }

    private async Task<JsonElement?> TryGetAsync(string? caller, string path)
    {
        using var request = RequestOf(caller, HttpMethod.Get, path);
        using var response = await Http.SendAsync(request, Cancel);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)
            : null;
    }

    /// <summary>A request in the caller's name.</summary>
    internal HttpRequestMessage RequestOf(string? caller, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (caller is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens[caller]);
        return request;
    }

    /// <summary>Asks again until it is so.</summary>
    internal static async Task UntilAsync(string otherwise, Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(s_limit);
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"{otherwise} after {s_limit.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancel);
        }
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex AnyId();
}
