using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Shop.Testing;

namespace Shop.Gateway.Tests;

public sealed class EdgeTests
{
    private const int Limit = 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Nobody_is_who_a_header_says(string environment)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            $"environment={environment}",
            $"services:catalog:http:0={backend.Address}"
        );

        using var response = await gateway.SendAsync(WithForgedIdentity());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(
            Assert.Single(backend.Requests).Headers.Keys,
            name => name.StartsWith("X-User-", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Theory]
    [InlineData("/api/products", false)]
    [InlineData("/api/search", false)]
    [InlineData("/account/login", true)]
    public async Task Cookies_are_for_the_pages_that_set_them_alone(string path, bool isSent)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync([
            .. ((string[])["catalog", "search", "users"]).Select(name => $"services:{name}:http:0={backend.Address}"),
        ]);
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", "shop.session=secret");

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(isSent, Assert.Single(backend.Requests).Headers.ContainsKey("Cookie"));
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Services_hear_who_somebody_is_from_the_token_alone(string environment)
    {
        await using var tokens = await TestTokens.StartAsync();
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            $"environment={environment}",
            $"Identity:Authority={tokens.Authority}",
            $"services:catalog:http:0={backend.Address}"
        );
        var user = Guid.CreateVersion7();
        string[] roles = ["customer", "operator"];
        var token = tokens.Issue(user, "", descriptor => descriptor.Claims["role"] = roles);
        var request = WithForgedIdentity();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(backend.Requests).Headers;
        Assert.Equal($"{user}", seen["X-User-ID"]);
        Assert.Equal("customer,operator", seen["X-User-Role"]);
        Assert.DoesNotContain("X-User-Anything", seen.Keys);
        Assert.Equal("Bearer " + token, seen["Authorization"]);
    }

    [Theory]
    [InlineData("order-42")]
    [InlineData(null)]
    public async Task The_correlation_id_goes_on_to_the_service_and_comes_back_once(string? given)
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.Headers["X-Correlation-ID"] = context.Request.Headers["X-Correlation-ID"];
            return context.Response.WriteAsync("ok");
        });
        await using var gateway = await RunningGateway.StartAsync(backend);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
        if (given is not null)
        {
            request.Headers.Add("X-Correlation-ID", given);
        }

        using var response = await gateway.SendAsync(request);

        var id = Assert.Single(response.Headers.GetValues("X-Correlation-ID"));
        Assert.Equal(given ?? id, id);
        Assert.Equal(id, Assert.Single(backend.Requests).Headers["X-Correlation-ID"]);
    }

    [Fact]
    public async Task A_body_at_the_limit_passes()
    {
        await using var backend = await Backend.StartAsync(CountAsync);
        await using var gateway = await RunningGateway.StartAsync(backend);

        using var response = await gateway.PostAsync("/api/products", new ByteArrayContent(new byte[Limit]));

        Assert.Equal($"{Limit}", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_the_service_hears_of_it()
    {
        await using var backend = await Backend.StartAsync(CountAsync);
        await using var gateway = await RunningGateway.StartAsync(backend);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/products")
        {
            Content = new ByteArrayContent(new byte[Limit + 1]),
        };
        request.Headers.ExpectContinue = true;

        using var response = await gateway.SendAsync(request);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_off_at_the_limit()
    {
        await using var backend = await Backend.StartAsync(CountAsync);
        await using var gateway = await RunningGateway.StartAsync(backend);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/products")
        {
            Content = new ByteArrayContent(new byte[Limit + 1]),
        };
        request.Headers.TransferEncodingChunked = true;

        using var response = await gateway.SendAsync(request);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("/api/products")]
    [InlineData("/api/unknown")]
    [InlineData("/")]
    public async Task Every_answer_has_the_security_headers_once(string path)
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.Headers.XFrameOptions = "SAMEORIGIN";
            return context.Response.WriteAsync("ok");
        });
        await using var gateway = await RunningGateway.StartAsync(backend);

        using var response = await gateway.GetAsync(path);

        Assert.Equal(["DENY"], response.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(
            ["default-src 'none'; frame-ancestors 'none'"],
            response.Headers.GetValues("Content-Security-Policy")
        );
        Assert.Single(response.Headers.GetValues("Permissions-Policy"));
        Assert.Single(response.Headers.GetValues("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_page_that_says_what_it_needs_keeps_its_content_security_policy()
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
            return context.Response.WriteAsync("ok");
        });
        await using var gateway = await RunningGateway.StartAsync(backend);

        using var response = await gateway.GetAsync("/api/products");

        Assert.Equal(["default-src 'self'"], response.Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task Services_hear_from_the_gateway_alone_where_a_request_came_from_and_when()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
        string[] forged =
        [
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Prefix",
            "X-Forwarded-Port",
            "Forwarded",
            "X-Real-IP",
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-Request-Start",
        ];
        foreach (var name in forged)
        {
            request.Headers.TryAddWithoutValidation(name, "forged.test");
        }

        using (await gateway.SendAsync(request)) { }

        var seen = Assert.Single(backend.Requests).Headers;
        Assert.DoesNotContain(seen, header => header.Value.Contains("forged.test", StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"].Replace("::ffff:", "", StringComparison.Ordinal));
        Assert.Matches(@"^t=\d{10}\.\d{3}$", seen["X-Request-Start"]);
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_the_configured_origins_may_call(string origin, bool allowed)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            "Gateway:CorsOrigins:0=https://shop.example",
            $"services:catalog:http:0={backend.Address}"
        );
        var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/products");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
        request.Headers.Add("Origin", origin);

        using var asked = await gateway.SendAsync(preflight);
        using var answered = await gateway.SendAsync(request);

        Assert.Equal(allowed, asked.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(allowed, answered.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answered.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task A_request_under_way_finishes_when_the_gateway_is_stopped()
    {
        var arrived = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        await using var backend = await Backend.StartAsync(async context =>
        {
            arrived.SetResult();
            await mayAnswer.Task;
            await context.Response.WriteAsync("finished");
        });
        await using var gateway = await RunningGateway.StartAsync(backend);

        var answer = gateway.GetStringAsync("/api/products");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        var stopping = gateway.Application.StopAsync(Cancel);
        mayAnswer.SetResult();

        Assert.Equal("finished", await answer);
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    private static HttpRequestMessage WithForgedIdentity()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
        request.Headers.Add("X-User-ID", "01900000-0000-7000-8000-000000000009");
        request.Headers.Add("x-user-role", "admin");
        request.Headers.Add("X-USER-Anything", "else");
        return request;
    }

    private static async Task CountAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await context.Response.WriteAsync($"{body.Length}");
    }
}
