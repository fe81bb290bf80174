using System.Text.Json;
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
        Assert.Equal("bearer", Assert.Single(post.GetProperty("security")[0].EnumerateObject()).Name);
        Assert.Equal(["200", "401", "500", "503"], Statuses(paths.GetProperty("/own").GetProperty("get")));
        var list = paths.GetProperty("/things").GetProperty("get");
        Assert.Equal(["200", "400", "500", "503"], Statuses(list));
        Assert.False(list.TryGetProperty("security", out _));
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
