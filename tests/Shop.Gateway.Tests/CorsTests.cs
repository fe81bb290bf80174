using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Tests;

/// <summary>What pages of another origin may read of the answers.</summary>
public sealed class CorsTests
{
    private const string Origin = "https://shop.example";
    private const string Allowed = "Gateway:CorsOrigins:0=" + Origin;

    /// <summary>What a browser shows without being told to, and what is meant for the browser alone.</summary>
    private static readonly string[] NotForPages =
    [
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Allow", // of 405, which is not described
        "Cache-Control",
        "Connection",
        "Content-Language",
        "Content-Length",
        "Content-Security-Policy",
        "Content-Type",
        "Date",
        "Permissions-Policy",
        "Referrer-Policy",
        "Server",
        "Strict-Transport-Security",
        "Transfer-Encoding",
        "Vary",
        "X-Content-Type-Options",
        "X-Frame-Options",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("answered", HttpStatusCode.OK)]
    [InlineData("created", HttpStatusCode.Created)]
    [InlineData("not modified", HttpStatusCode.NotModified)]
    [InlineData("encoded twice", HttpStatusCode.BadRequest)]
    [InlineData("no GraphQL", HttpStatusCode.BadRequest)]
    [InlineData("no token", HttpStatusCode.Unauthorized)]
    [InlineData("a wrong token", HttpStatusCode.Unauthorized)]
    [InlineData("no such path", HttpStatusCode.NotFound)]
    [InlineData("no such product", HttpStatusCode.NotFound)]
    [InlineData("no such method", HttpStatusCode.MethodNotAllowed)]
    [InlineData("too large", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("too large, of unknown length", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("no JSON", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("too often", HttpStatusCode.TooManyRequests)]
    [InlineData("broken off", HttpStatusCode.BadGateway)]
    [InlineData("nobody there", HttpStatusCode.ServiceUnavailable)]
    [InlineData("too slow", HttpStatusCode.GatewayTimeout)]
    public async Task Every_answer_lets_the_pages_of_an_allowed_origin_read_the_described_headers(
        string kind,
        HttpStatusCode status
    )
    {
        await using var described = await StartServiceAsync();
        await using var dying = await Backend.StartAsync(Backend.DieAsync);
        await using var silent = await Backend.StartAsync(context =>
            context.Request.Path == "/openapi/v1.json"
                ? context.Response.WriteAsync("no JSON")
                : Backend.StaySilentAsync(context)
        );
        using var refusing = new RefusingAddress();
        await using var gateway = await RunningGateway.StartAsync(
            Allowed,
            "Gateway:Timeout=00:00:01",
            $"services:catalog:http:0={described.Urls.Single()}",
            $"services:search:http:0={(kind == "too slow" ? silent : dying).Address}",
            $"services:users:http:0={refusing.Address}",
            kind == "too often" ? "Gateway:RateLimits:Reads:Burst=1" : "Gateway:RateLimits:Reads:Burst=100",
            "Gateway:RateLimits:Reads:PerSecond=0.001"
        );
        using var document = await gateway.GetAsync("/openapi/v1.json");
        var headers = HeadersIn(await document.Content.ReadFromJsonAsync<JsonElement>(Cancel));
        string[] known = ["ETag", "Idempotency-Replayed", "Location", "RateLimit", "Retry-After", "WWW-Authenticate"];
        Assert.Superset(known.ToHashSet(StringComparer.OrdinalIgnoreCase), headers);

        var request = Request(kind);
        request.Headers.Add("Origin", Origin);
        using var response = await gateway.SendAsync(request);

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {body}");
        Assert.Equal(Origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        var exposed = Exposed(response);
        Assert.Empty(headers.Except(exposed, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(
            response
                .Headers.Concat(response.Content.Headers)
                .Select(header => header.Key)
                .Except(NotForPages, StringComparer.OrdinalIgnoreCase)
                .Except(headers, StringComparer.OrdinalIgnoreCase)
        );
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://shop.example.evil.example")]
    [InlineData("null")]
    public async Task Pages_of_other_origins_may_read_nothing_of_what_is_refused(string origin)
    {
        await using var gateway = await RunningGateway.StartAsync(Allowed);
        var request = Request("encoded twice");
        request.Headers.Add("Origin", origin);

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(response.Headers.Contains("Access-Control-Expose-Headers"));
    }

    private static HttpRequestMessage Request(string kind)
    {
        var (method, path) = kind switch
        {
            "created" or "too large" or "too large, of unknown length" => (HttpMethod.Post, "/api/products"),
            "no GraphQL" or "no JSON" => (HttpMethod.Post, "/graphql"),
            "not modified" => (HttpMethod.Get, "/api/products/same"),
            "encoded twice" => (HttpMethod.Get, "/api/products/%252e"),
            "no token" or "a wrong token" => (HttpMethod.Get, "/api/dashboard"),
            "no such path" => (HttpMethod.Get, "/api/unknown"),
            "no such product" => (HttpMethod.Get, "/api/products/1/2/3"),
            "no such method" => (HttpMethod.Patch, "/api/products"),
            "broken off" or "too slow" => (HttpMethod.Post, "/api/search"),
            "nobody there" => (HttpMethod.Get, "/api/users"),
            _ => (HttpMethod.Get, "/api/products"),
        };
        var request = new HttpRequestMessage(method, path);
        if (kind.StartsWith("too large", StringComparison.Ordinal))
        {
            request.Content = new ByteArrayContent(new byte[1024 * 1024 + 1]);
            request.Headers.ExpectContinue = true;
            request.Headers.TransferEncodingChunked = kind != "too large";
        }
        else if (method == HttpMethod.Post)
        {
            request.Content = kind == "no JSON" ? new StringContent("<query/>") : JsonContent.Create(new { });
        }

        if (kind == "a wrong token")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        }

        return request;
    }

    /// <summary>A service whose answers have every header that a service can describe.</summary>
    private static async Task<WebApplication> StartServiceAsync()
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
        app.MapGet("/api/products", () => TypedResults.Ok("all")).AllowAnonymous().TakesIfNoneMatch();
        app.MapGet(
                "/api/products/same",
                (HttpContext http) =>
                {
                    http.Response.Headers.ETag = "\"1\"";
                    return TypedResults.StatusCode(StatusCodes.Status304NotModified);
                }
            )
            .AllowAnonymous()
            .TakesIfNoneMatch();
        app.MapPost(
                "/api/products",
                (HttpContext http) =>
                {
                    http.Response.Headers.ETag = "\"1\"";
                    http.Response.Headers["Idempotency-Replayed"] = "true";
                    return TypedResults.Created("/api/products/1", "new");
                }
            )
            .AllowAnonymous()
            .TakesIdempotencyKey();
        await app.StartAsync(Cancel);
        return app;
    }

    private static string[] Exposed(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Access-Control-Expose-Headers", out var values)
            ? [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))]
            : [];

    /// <summary>The headers of the described answers.</summary>
    private static HashSet<string> HeadersIn(JsonElement node)
    {
        var headers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Collect(node);
        return headers;

        void Collect(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item);
                }
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in element.EnumerateObject())
                {
                    if (member.Name == "headers" && member.Value.ValueKind == JsonValueKind.Object)
                    {
                        headers.UnionWith(member.Value.EnumerateObject().Select(header => header.Name));
                    }

                    Collect(member.Value);
                }
            }
        }
    }
}
