using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Shop.ServiceDefaults.Tests;

public sealed class ProblemTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{ \"items\": [ { \"quantity\": ", "items[0].quantity", "not well-formed")]
    [InlineData("{ \"items\": [ { \"quantity\": \"many\" } ] }", "items[0].quantity", "line 1")]
    [InlineData("{ \"items\": 7 }", "items", "line 1")]
    [InlineData("this is no JSON", "$", "not well-formed")]
    [InlineData("", "$", "JSON body")]
    [InlineData("null", "$", "JSON body")]
    public async Task A_body_that_cannot_be_read_is_explained_by_place(string body, string field, string rule)
    {
        await using var host = await StartAsync();

        using var response = await PostAsync(host, "/orders", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await Json.ReadAsync(response);
        Assert.Equal("https://shop.example/problems/validation", problem.Text("type"));
        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(field, error.Name);
        Assert.Contains(rule, error.Value[0].GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.Text("traceId")!);
        Assert.NotEmpty(problem.Text("correlationId")!);
        await AssertNothingInternalAsync(response);
    }

    [Theory]
    [InlineData("", "[")]
    [InlineData("{ \"items\": ", "[")]
    [InlineData("{ \"unknown\": ", "[")]
    [InlineData("{ \"unknown\": ", "{\"a\":")]
    public async Task A_body_nested_without_end_is_refused(string start, string level)
    {
        await using var host = await StartAsync();

        using var response = await PostAsync(host, "/orders", start + string.Concat(Enumerable.Repeat(level, 100_000)));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("https://shop.example/problems/validation", (await Json.ReadAsync(response)).Text("type"));
        await AssertNothingInternalAsync(response);
    }

    [Fact]
    public async Task A_missing_required_member_is_named()
    {
        await using var host = await StartAsync();

        using var response = await PostAsync(host, "/strict", "{}");

        var problem = await Json.ReadAsync(response);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Contains("'name'", error.Value[0].GetString(), StringComparison.Ordinal);
        await AssertNothingInternalAsync(response);
    }

    [Fact]
    public async Task A_member_that_does_not_exist_is_named()
    {
        await using var host = await StartAsync();

        using var response = await PostAsync(host, "/strict", "{ \"name\": \"Ada\", \"nmae\": \"Ada\" }");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = Assert.Single((await Json.ReadAsync(response)).GetProperty("errors").EnumerateObject());
        Assert.Equal("nmae", error.Name);
        Assert.StartsWith("There is no such member", error.Value[0].GetString(), StringComparison.Ordinal);
        await AssertNothingInternalAsync(response);
    }

    [Theory]
    [InlineData("/pages?page=first", "page")]
    [InlineData("/pages", "page")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string field)
    {
        await using var host = await StartAsync();

        using var response = await host.Client.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await Json.ReadAsync(response);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(field, error.Name);
        await AssertNothingInternalAsync(response);
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("DELETE", "/orders", 405, "method-not-allowed")]
    [InlineData("GET", "/mine", 401, "unauthenticated")]
    [InlineData("GET", "/bug", 500, "internal-error")]
    [InlineData("GET", "/race", 409, "concurrent-change")]
    [InlineData("GET", "/offline", 503, "unavailable")]
    [InlineData("GET", "/nul", 400, "validation")]
    [InlineData("GET", "/conflict", 409, "out-of-stock")]
    public async Task Every_error_is_problem_details_with_a_type_of_its_own(
        string method,
        string path,
        int status,
        string type
    )
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await host.Client.SendAsync(request, Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        var problem = await Json.ReadAsync(response);
        Assert.Equal("https://shop.example/problems/" + type, problem.Text("type"));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.Text("detail")!);
        Assert.NotEmpty(problem.Text("traceId")!);
        Assert.NotEmpty(problem.Text("correlationId")!);
        await AssertNothingInternalAsync(response);
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        await using var host = await StartAsync();
        using var content = new StringContent("items=1", Encoding.UTF8, "text/plain");

        using var response = await host.Client.PostAsync("/orders", content, Cancel);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        var problem = await Json.ReadAsync(response);
        Assert.Equal("https://shop.example/problems/unsupported-media-type", problem.Text("type"));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("*/*;q=0")]
    public async Task Who_accepts_no_JSON_is_told_what_is_wrong_all_the_same(string accept)
    {
        await using var host = await StartAsync();
        foreach (var path in new[] { "/nowhere", "/pages?page=first", "/bug", "/conflict" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept", accept);

            using var response = await host.Client.SendAsync(request, Cancel);

            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = await Json.ReadAsync(response);
            Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
            Assert.NotEmpty(problem.Text("correlationId")!);
        }
    }

    [Theory]
    [InlineData("application/json; charset=no-such", 415)]
    [InlineData("application/json; charset=\"utf-8\"", 200)]
    [InlineData("application/json;charset=UTF-8", 200)]
    public async Task A_body_in_an_unknown_encoding_is_refused(string contentType, int status)
    {
        await using var host = await StartAsync();
        using var content = new ByteArrayContent("""{ "items": [] }"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var response = await host.Client.PostAsync("/orders", content, Cancel);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("name=a%00b")]
    [InlineData("%00=name")]
    public async Task A_form_that_cannot_be_read_is_refused(string form)
    {
        await using var host = await StartAsync();
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await host.Client.PostAsync("/form", content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await Json.ReadAsync(response)).GetProperty("errors").TryGetProperty("$", out _));
        await AssertNothingInternalAsync(response);
    }

    [Fact]
    public async Task Broken_rules_are_listed_by_field()
    {
        await using var host = await StartAsync();

        using var response = await host.Client.GetAsync("/invalid", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await Json.ReadAsync(response);
        Assert.Equal("At least 1.", problem.GetProperty("errors").GetProperty("items[0].quantity")[0].GetString());
    }

    private static Task<TestHost> StartAsync() =>
        TestHost.StartAsync(app =>
        {
            app.MapGet("/mine", () => "mine").RequireAuthorization();
            var anyone = app.MapGroup("").AllowAnonymous();
            anyone.MapPost("/orders", (OrderRequest order) => order);
            anyone.MapPost("/strict", (StrictRequest request) => request);
            anyone.MapPost("/form", async (HttpRequest request) => (await request.ReadFormAsync()).Count);
            anyone.MapGet("/pages", (int page) => page);
            anyone.MapGet("/bug", string () => throw new InvalidOperationException("secret"));
            anyone.MapGet(
                "/offline",
                string () =>
                    throw new InvalidOperationException(
                        "secret",
                        new DbUpdateException("secret", new Npgsql.NpgsqlException("secret", new TimeoutException()))
                    )
            );
            anyone.MapGet(
                "/nul",
                string () =>
                    throw new DbUpdateException(
                        "secret",
                        new Npgsql.PostgresException("secret", "ERROR", "ERROR", "22021")
                    )
            );
            anyone.MapGet("/race", string () => throw new DbUpdateConcurrencyException("secret"));
            anyone.MapGet("/conflict", () => Problems.Conflict("out-of-stock", "Order less."));
            anyone.MapGet(
                "/invalid",
                () => Problems.Validation(new Dictionary<string, string[]> { ["items[0].quantity"] = ["At least 1."] })
            );
        });

    private static async Task<HttpResponseMessage> PostAsync(TestHost host, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Client.PostAsync(path, content, Cancel);
    }

    private static async Task AssertNothingInternalAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("System.", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(ProblemTests), body, StringComparison.Ordinal);
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Read from JSON.")]
    private sealed record OrderRequest(IReadOnlyList<ItemRequest> Items);

    [SuppressMessage("Performance", "CA1812", Justification = "Read from JSON.")]
    private sealed record ItemRequest(int Quantity);

    [SuppressMessage("Performance", "CA1812", Justification = "Read from JSON.")]
    [System.Text.Json.Serialization.JsonUnmappedMemberHandling(
        System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow
    )]
    private sealed record StrictRequest
    {
        public required string Name { get; init; }
    }
}
