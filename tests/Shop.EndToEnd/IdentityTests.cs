using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd;

/// <summary>Nobody gets in where they do not belong.</summary>
public sealed partial class IdentityTests(RunningShop shop)
{
    /// <summary>What anyone may do. What is not here wants a token.</summary>
    private static readonly string[] s_forAnyone =
    [
        "GET /account/login",
        "GET /account/logout",
        "GET /account/register",
        "GET /api/orders/regions",
        "GET /api/products",
        "GET /api/products/{id}",
        "GET /api/products/{id}/availability",
        "GET /api/search",
        "GET /api/search/suggest",
        "GET /connect/authorize",
        "GET /connect/logout",
        "POST /account/login",
        "POST /account/logout",
        "POST /account/register",
        "POST /api/orders/quote",
        "POST /api/users",
        "POST /connect/authorize",
        "POST /connect/logout",
        "POST /connect/revocation",
        "POST /connect/token",
        "POST /graphql",
    ];

    private readonly ShopClient _client = shop.Client;

    [Fact]
    public async Task Without_a_token_everything_but_what_anyone_may_see_is_refused_whatever_headers_say()
    {
        var open = new List<string>();
        var paths = await DescribedAsync();
        foreach (var path in paths)
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var method = new HttpMethod(operation.Name.ToUpperInvariant());
                var bare = await StatusAsync(method, path.Name);
                var forged = await StatusAsync(method, path.Name, ("X-User-ID", DemoAdmin), ("X-User-Role", "admin"));
                if (bare != HttpStatusCode.Unauthorized || forged != HttpStatusCode.Unauthorized)
                    open.Add($"{method} {Parameter().Replace(path.Name, "{id}")}");
            }
        }

        Assert.Empty(open.Except(s_forAnyone));
        Assert.Contains("GET /api/products", open);
    }

    [Fact]
    public async Task Headers_beside_a_token_give_no_rights_and_no_other_name()
    {
        var owner = new Person(_client.Stranger);
        var id = await owner.OrderAsync(Products.Number(0x38), 1);
        var ownerId = (await owner.GetAsync("/api/users/me")).GetProperty("id").GetString()!;
        var stranger = new Person(_client.Stranger);
        using var asOwner = Forged(HttpMethod.Get, $"/api/orders/{id}", ("X-User-ID", ownerId));
        using var asOperator = Forged(HttpMethod.Get, $"/api/orders/{id}", ("X-User-Role", "operator"));
        using var asAdmin = Forged(HttpMethod.Get, "/api/users", ("X-User-ID", DemoAdmin), ("X-User-Role", "admin"));

        using var order = await stranger.SendAsSelfAsync(asOwner);
        using var again = await stranger.SendAsSelfAsync(asOperator);
        using var users = await stranger.SendAsSelfAsync(asAdmin);

        Assert.Equal(HttpStatusCode.NotFound, order.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, users.StatusCode);
    }

    [Fact]
    public async Task Nobody_gives_themselves_a_role()
    {
        var somebody = new Person(_client.Stranger);
        var id = (await somebody.GetAsync("/api/users/me")).GetProperty("id").GetString();
        string[] roles = ["admin"];

        using var appoints = await somebody.SendAsync(
            HttpMethod.Put,
            $"/api/users/{id}/roles",
            JsonContent.Create(new { roles })
        );
        using var patch = new StringContent("""{"roles":["admin"]}""", Encoding.UTF8, "application/merge-patch+json");
        using var changes = await somebody.SendAsync(HttpMethod.Patch, "/api/users/me", patch);
        using var registers = await somebody.PostAsync(
            "/api/users",
            new
            {
                email = $"{Guid.NewGuid():N}@people.test",
                name = "Somebody",
                password = Account.Password,
                roles,
            }
        );

        Assert.Equal(HttpStatusCode.Forbidden, appoints.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, changes.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, registers.StatusCode);
        var me = await somebody.GetAsync("/api/users/me");
        Assert.Equal("customer", Assert.Single(me.GetProperty("roles").EnumerateArray().ToList()).GetString());
    }

    private const string DemoCustomerId = "01900000-0000-7000-8000-000000000001";
    private const string DemoAdmin = "01900000-0000-7000-8000-000000000003";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // A service that has not answered yet is missing from the description for a moment.
    private async Task<List<JsonProperty>> DescribedAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var document = await _client.Stranger.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancel);
            var paths = document.GetProperty("paths").EnumerateObject().ToList();
            if (paths.Count > 30)
                return paths;
            Assert.False(limit.IsCancellationRequested, $"Only {paths.Count} paths are described.");
            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancel);
        }
    }

    private async Task<HttpStatusCode> StatusAsync(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        var target = Parameter()
            .Replace(path.Replace("{sequenceNumber}", "1", StringComparison.Ordinal), DemoCustomerId);
        using var request = Forged(method, target, headers);
        if (method != HttpMethod.Get && method != HttpMethod.Delete)
            request.Content = JsonContent.Create(new { });
        using var response = await _client.Stranger.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private static HttpRequestMessage Forged(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return request;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
