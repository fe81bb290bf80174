using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Tests;

public sealed class ApiDocsTests
{
    /// <summary>Both services call this the same and mean something else.</summary>
    internal static class InCatalog
    {
        internal sealed record Item(string Title);
    }

    internal static class InOrdering
    {
        internal sealed record Item(int Quantity);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schemas_of_the_same_name_stay_apart()
    {
        await using var catalog = await StartServiceAsync(app =>
            app.MapGet("/api/products", () => TypedResults.Ok(new InCatalog.Item("Lamp")))
        );
        await using var ordering = await StartServiceAsync(app =>
            app.MapPost("/api/orders", (InOrdering.Item item) => TypedResults.Ok(item))
        );
        await using var gateway = await RunningGateway.StartAsync(At("catalog", catalog), At("ordering", ordering));

        var document = await DocumentAsync(gateway);

        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal(
            ["CatalogItem", "OrderingItem", "ProblemDetails"],
            schemas.EnumerateObject().Select(schema => schema.Name).Where(IsOfAService).Order()
        );
        Assert.True(schemas.GetProperty("CatalogItem").GetProperty("properties").TryGetProperty("title", out _));
        Assert.True(schemas.GetProperty("OrderingItem").GetProperty("properties").TryGetProperty("quantity", out _));
        var order = document.GetProperty("paths").GetProperty("/api/orders").GetProperty("post");
        Assert.Contains("#/components/schemas/OrderingItem", References(order.GetProperty("requestBody")));
        Assert.All(
            References(document),
            reference => Assert.True(Exists(document, reference), $"{reference} leads nowhere.")
        );
    }

    [Fact]
    public async Task Only_what_is_reached_through_the_gateway_is_described_with_what_the_gateway_can_answer()
    {
        await using var catalog = await StartServiceAsync(app =>
        {
            app.MapGet("/api/products/{id:guid}", (Guid id) => TypedResults.Ok(id)).AllowAnonymous();
            app.MapGet("/api/orders", () => TypedResults.Ok(new InOrdering.Item(1)));
            app.MapGet("/api/operations/catalog/dead-letters", () => TypedResults.Ok());
            app.MapGet("/api/productsandmore", () => TypedResults.Ok());
        });
        await using var gateway = await RunningGateway.StartAsync(At("catalog", catalog));

        var document = await DocumentAsync(gateway);

        var paths = document.GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        Assert.Equal(
            ["/api/dashboard", "/api/operations/catalog/dead-letters", "/api/products/{id}", "/graphql"],
            paths.Keys.Order()
        );
        Assert.Equal("/", document.GetProperty("servers")[0].GetProperty("url").GetString());
        var dashboard = paths["/api/dashboard"].GetProperty("get");
        Assert.Equal("Shop", dashboard.GetProperty("tags")[0].GetString());
        Assert.True(dashboard.GetProperty("responses").TryGetProperty("401", out _));
        var operation = paths["/api/products/{id}"].GetProperty("get");
        Assert.Equal("Catalog", operation.GetProperty("tags")[0].GetString());
        Assert.Equal(
            ["200", "404", "429", "500", "502", "503", "504"],
            operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order()
        );
        Assert.False(document.GetProperty("components").GetProperty("schemas").TryGetProperty("CatalogItem", out _));
    }

    [Fact]
    public async Task A_service_that_is_down_is_named_and_the_others_are_described()
    {
        using var refusing = new RefusingAddress();
        await using var broken = await Backend.StartAsync("<html>");
        await using var catalog = await StartServiceAsync(app => app.MapGet("/api/products", () => TypedResults.Ok()));
        await using var gateway = await RunningGateway.StartAsync(
            At("catalog", catalog),
            $"services:ordering:http:0={refusing.Address}",
            $"services:billing:http:0={broken.Address}"
        );

        var document = await DocumentAsync(gateway);

        Assert.True(document.GetProperty("paths").TryGetProperty("/api/products", out _));
        var description = document.GetProperty("info").GetProperty("description").GetString();
        Assert.Contains("ordering", description, StringComparison.Ordinal);
        Assert.Contains("billing", description, StringComparison.Ordinal);
        Assert.DoesNotContain("catalog", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_services_are_not_asked_each_time()
    {
        const string description = """{"openapi":"3.1.1","paths":{}}""";
        await using var backend = await Backend.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(description);
        });
        string[] services =
        [
            "catalog",
            "ordering",
            "inventory",
            "payments",
            "users",
            "search",
            "billing",
            "notifications",
        ];
        await using var gateway = await RunningGateway.StartAsync([
            .. services.Select(service => $"services:{service}:http:0={backend.Address}"),
        ]);

        await Task.WhenAll(DocumentAsync(gateway), DocumentAsync(gateway));
        var document = await DocumentAsync(gateway);

        Assert.Equal(services.Length, backend.Requests.Count(request => request.Target == "/openapi/v1.json"));
        Assert.DoesNotContain(
            "unreachable",
            document.GetProperty("info").GetProperty("description").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_page_runs_its_own_scripts_only_and_shows_this_description()
    {
        await using var gateway = await RunningGateway.StartAsync("services:none:http:0=http://none");

        using var response = await gateway.GetAsync("/docs");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await response.Content.ReadAsStringAsync(Cancel);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        var scripts = Regex.Matches(page, "<script[^>]*>").Select(match => match.Value).ToList();
        var nonce = Regex.Match(policy, "'nonce-([^']+)'").Groups[1].Value;
        Assert.NotEmpty(nonce);
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains($"nonce=\"{nonce}\"", script, StringComparison.Ordinal));
        Assert.DoesNotContain("cdn.", page, StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", page, StringComparison.Ordinal);
        var sources = Regex
            .Matches(page, "<script[^>]* src=\"([^\"]+)\"")
            .Select(match => match.Groups[1].Value)
            .ToList();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            var address = new Uri(response.RequestMessage!.RequestUri!, source);
            Assert.Equal(gateway.Client.BaseAddress!.Authority, address.Authority);
            using var script = await gateway.GetAsync(address.PathAndQuery);
            Assert.Equal(HttpStatusCode.OK, script.StatusCode);
            Assert.Contains("javascript", $"{script.Content.Headers.ContentType}", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task The_page_signs_in_by_itself_in_development_alone(string environment, bool signsIn)
    {
        await using var gateway = await RunningGateway.StartAsync($"environment={environment}");

        var page = await gateway.GetStringAsync("/docs");

        Assert.Equal(signsIn, page.Contains("shop-storefront", StringComparison.Ordinal));
        Assert.Equal(signsIn, page.Contains("shop-cli", StringComparison.Ordinal));
        // What Users is told, the page itself without a redirect on the way.
        Assert.Equal(signsIn, page.Contains($"\"{gateway.Client.BaseAddress}docs/\"", StringComparison.Ordinal));
    }

    private static string At(string service, WebApplication server) =>
        $"services:{service}:http:0={server.Urls.Single()}";

    /// <summary>A service with the shop's defaults.</summary>
    private static async Task<WebApplication> StartServiceAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder([
            "--environment=Production",
            "--Identity:Issuer=https://shop.test/",
        ]);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseServiceDefaults();
        map(app);
        await app.StartAsync(Cancel);
        return app;
    }

    private static async Task<JsonElement> DocumentAsync(RunningGateway gateway)
    {
        using var response = await gateway.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    /// <summary>What the gateway answers itself is put together from several services, and has schemas of its own.</summary>
    private static bool IsOfAService(string schema) => !schema.StartsWith("Shop", StringComparison.Ordinal);

    private static IEnumerable<string> References(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
            _ => [],
        };

    private static bool Exists(JsonElement document, string reference) =>
        reference.Split('/').Skip(1).All(part => document.TryGetProperty(part, out document));
}
