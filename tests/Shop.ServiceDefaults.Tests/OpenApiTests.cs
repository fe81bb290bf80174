using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.ServiceDefaults.Tests;

public sealed class OpenApiTests
{
    /// <summary>What is sent.</summary>
    /// <param name="Quantity">How many.</param>
    internal sealed record Wish(int Quantity);

    [Fact]
    public async Task What_the_defaults_can_answer_is_described_for_every_endpoint()
    {
        await using var host = await TestHost.StartAsync(app =>
        {
            app.MapPost("/things/{id:guid}", PostAsync).RequireAuthorization(Policies.Operator);
            app.MapGet("/own", () => TypedResults.Ok()).RequireAuthorization();
            app.MapGet("/things", (int? page) => TypedResults.Ok(page)).AllowAnonymous();
        });

        var paths = (await DocumentAsync(host)).GetProperty("paths");

        var post = paths.GetProperty("/things/{id}").GetProperty("post");
        Assert.Equal(["200", "400", "401", "403", "404", "408", "413", "415", "500", "503"], Statuses(post));
        Assert.Equal(
            ["bearer", "oauth2"],
            post.GetProperty("security").EnumerateArray().Select(way => Assert.Single(way.EnumerateObject()).Name)
        );
        Assert.Equal(["200", "401", "500", "503"], Statuses(paths.GetProperty("/own").GetProperty("get")));
        var list = paths.GetProperty("/things").GetProperty("get");
        Assert.Equal(["200", "400", "500", "503"], Statuses(list));
        Assert.False(list.TryGetProperty("security", out _));
    }

    /// <summary>A request whose rules are checked by hand.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Order(string? Name, Wish? Wish, string? Note = null);

    internal sealed record Shown(
        string? Always,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sometimes
    );

    [Fact]
    public async Task What_a_request_must_have_and_an_answer_may_lack_is_described()
    {
        await using var host = await TestHost.StartAsync(app =>
            app.MapPost("/orders", (Order order) => TypedResults.Ok(new Shown(order.Name, null)))
        );

        var schemas = (await DocumentAsync(host)).GetProperty("components").GetProperty("schemas");

        var order = schemas.GetProperty("Order");
        Assert.Equal(["name", "wish"], order.GetProperty("required").EnumerateArray().Select(name => $"{name}"));
        var members = order.GetProperty("properties");
        Assert.Equal("string", members.GetProperty("name").GetProperty("type").GetString());
        Assert.Equal("#/components/schemas/Wish", members.GetProperty("wish").GetProperty("$ref").GetString());
        Assert.Equal(JsonValueKind.Array, members.GetProperty("note").GetProperty("type").ValueKind);
        var shown = schemas.GetProperty("Shown").GetProperty("required").EnumerateArray();
        Assert.Equal("always", Assert.Single(shown).GetString());
    }

    [Fact]
    public async Task Answers_other_than_JSON_and_problems_are_described_beside_them()
    {
        await using var host = await TestHost.StartAsync(app =>
        {
            app.MapGet("/page", () => TypedResults.Ok(new Wish(1))).ProducesHtmlToo();
            app.MapPost("/ask", (Wish wish) => TypedResults.Ok(wish)).Produces<Wish>(400, "application/json");
        });

        var paths = (await DocumentAsync(host)).GetProperty("paths");

        Assert.Equal(["application/json", "text/html"], ContentTypes(paths, "/page", "get", "200"));
        Assert.Equal(["application/json", "application/problem+json"], ContentTypes(paths, "/ask", "post", "400"));
    }

    [Fact]
    public async Task An_endpoint_declares_its_own_problems_headers_and_example()
    {
        await using var host = await TestHost.StartAsync(app =>
            app.MapPost("/things/{id:guid}", PostAsync)
                .WithName("WishForThing")
                .TakesIfMatch(isRequired: true)
                .TakesIdempotencyKey()
                .TakesIfNoneMatch()
                .WithBodyExample(new Wish(3))
        );

        var post = (await DocumentAsync(host)).GetProperty("paths").GetProperty("/things/{id}").GetProperty("post");

        Assert.Equal(["304", "409", "412", "428"], Statuses(post).Intersect(["304", "409", "412", "428"]));
        Assert.Equal("Wish for thing", post.GetProperty("summary").GetString());
        var parameters = post.GetProperty("parameters").EnumerateArray().Select(one => $"{one.GetProperty("name")}");
        Assert.Equal(["id", "If-Match", "Idempotency-Key", "If-None-Match"], parameters);
        var body = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        Assert.Equal(3, body.GetProperty("example").GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task Every_reference_has_its_target_and_comments_become_descriptions()
    {
        await using var host = await TestHost.StartAsync(app => app.MapPost("/things/{id:guid}", PostAsync));

        var document = await DocumentAsync(host);

        var schemas = document.GetProperty("components").GetProperty("schemas");
        var quantity = schemas.GetProperty("Wish").GetProperty("properties").GetProperty("quantity");
        Assert.Equal("How many.", quantity.GetProperty("description").GetString());
        Assert.Equal("integer", quantity.GetProperty("type").GetString());
        Assert.True(schemas.GetProperty("ProblemDetails").GetProperty("properties").TryGetProperty("errors", out _));
        Assert.Equal("v1", document.GetProperty("info").GetProperty("version").GetString());
        var references = References(document).Distinct().ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(Exists(document, reference), $"{reference} leads nowhere."));
    }

    [Theory]
    [InlineData("Development", "authorizationCode", "password")]
    [InlineData("Production", "authorizationCode")]
    public async Task Where_tokens_come_from_is_described_and_passwords_in_development_alone(
        string environment,
        params string[] flows
    )
    {
        await using var host = await TestHost.StartAsync(environment: environment);

        var described = (await DocumentAsync(host))
            .GetProperty("components")
            .GetProperty("securitySchemes")
            .GetProperty("oauth2")
            .GetProperty("flows");

        Assert.Equal(flows, described.EnumerateObject().Select(flow => flow.Name).Order());
        var code = described.GetProperty("authorizationCode");
        Assert.Equal("/connect/authorize", code.GetProperty("authorizationUrl").GetString());
        Assert.Equal("/connect/token", code.GetProperty("tokenUrl").GetString());
        Assert.Equal("shop", Assert.Single(code.GetProperty("scopes").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Pages_have_the_limits_that_are_checked()
    {
        await using var host = await TestHost.StartAsync(app =>
            app.MapGet("/things", (int? page, int? pageSize) => TypedResults.Ok(page + pageSize))
        );

        var parameters = (await DocumentAsync(host))
            .GetProperty("paths")
            .GetProperty("/things")
            .GetProperty("get")
            .GetProperty("parameters");

        var pageSize = parameters[1].GetProperty("schema");
        Assert.Equal(1, pageSize.GetProperty("minimum").GetInt32());
        Assert.Equal(Paging.MaxPageSize, pageSize.GetProperty("maximum").GetInt32());
    }

    private static IEnumerable<string> ContentTypes(JsonElement paths, string path, string method, string status) =>
        paths
            .GetProperty(path)
            .GetProperty(method)
            .GetProperty("responses")
            .GetProperty(status)
            .GetProperty("content")
            .EnumerateObject()
            .Select(content => content.Name)
            .Order();

    private static Ok<string> PostAsync(Guid id, Wish wish) => TypedResults.Ok($"{id} {wish.Quantity}");

    private static async Task<JsonElement> DocumentAsync(TestHost host)
    {
        var text = await host.Client.GetStringAsync(
            new Uri("/openapi/v1.json", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static IEnumerable<string> Statuses(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order();

    private static IEnumerable<string> References(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
            _ => [],
        };

    private static bool Exists(JsonElement document, string reference)
    {
        foreach (var part in reference.Split('/').Skip(1))
        {
            if (!document.TryGetProperty(part, out document))
            {
                return false;
            }
        }

        return true;
    }
}
