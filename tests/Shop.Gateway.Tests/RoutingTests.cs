using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Shop.Testing;

namespace Shop.Gateway.Tests;

public sealed class RoutingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("catalog", "/api/products?page=2&category=books")]
    [InlineData("catalog", "/api/products/1/availability?quantity=3")]
    [InlineData("ordering", "/api/orders")]
    [InlineData("ordering", "/api/orders/1/cancel")]
    [InlineData("inventory", "/api/inventory/1")]
    [InlineData("payments", "/api/payments")]
    public async Task A_path_goes_to_its_service_as_it_is(string service, string target)
    {
        await using var tokens = await TestTokens.StartAsync();
        await using var backend = await Backend.StartAsync(service);
        await using var gateway = await RunningGateway.StartAsync(
            $"Identity:Authority={tokens.Authority}",
            $"services:{service}:http:0={backend.Address}"
        );
        gateway.Client.DefaultRequestHeaders.Authorization = tokens.Bearer(Guid.CreateVersion7());

        Assert.Equal(service, await gateway.GetStringAsync(target));
        Assert.Equal(target, Assert.Single(backend.Requests).Target);
    }

    [Theory]
    [InlineData("ordering", "/api/orders")]
    [InlineData("inventory", "/api/inventory/1")]
    [InlineData("payments", "/api/payments/1")]
    [InlineData("billing", "/api/invoices")]
    [InlineData("notifications", "/api/notifications")]
    [InlineData("catalog", "/api/operations/catalog/dead-letters")]
    public async Task Where_there_is_nothing_for_strangers_they_are_refused_before_the_service(
        string service,
        string path
    )
    {
        await using var backend = await Backend.StartAsync(service);
        await using var gateway = await RunningGateway.StartAsync($"services:{service}:http:0={backend.Address}");

        using var response = await gateway.PostAsync(path, new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("/api/orders/quote")]
    [InlineData("/api/orders/regions")]
    public async Task Strangers_get_to_what_is_for_anyone_below_what_is_for_users(string path)
    {
        await using var backend = await Backend.StartAsync("ordering");
        await using var gateway = await RunningGateway.StartAsync($"services:ordering:http:0={backend.Address}");

        using var answered = await gateway.PostAsync(path, new StringContent("{}"));
        using var refused = await gateway.PostAsync(path + "s", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(path, Assert.Single(backend.Requests).Target);
    }

    [Fact]
    public async Task An_instance_that_has_something_to_do_is_not_asked_while_another_is_free()
    {
        var mayAnswer = new TaskCompletionSource();
        await using var busy = await Backend.StartAsync(async context =>
        {
            await mayAnswer.Task;
            await context.Response.WriteAsync("busy");
        });
        await using var free = await Backend.StartAsync("free");
        await using var gateway = await RunningGateway.StartAsync(
            $"services:catalog:http:0={busy.Address}",
            $"services:catalog:http:1={free.Address}",
            "Gateway:Timeout=00:01:00" // on a busy machine the others take their time
        );
        var asked = new List<Task<string>>();
        while (busy.Requests.IsEmpty)
        {
            Assert.True(asked.Count < 200, "It was never asked.");
            asked.Add(gateway.GetStringAsync("/api/products"));
            await Task.WhenAny(asked[^1], Task.Delay(100, Cancel));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("free", await gateway.GetStringAsync("/api/products"));
        }

        mayAnswer.SetResult();
        Assert.Contains("busy", await Task.WhenAll(asked));
    }

    [Theory]
    [InlineData("/api/unknown")]
    [InlineData("/api")]
    [InlineData("/api/productsandmore")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        await using var backend = await Backend.StartAsync("catalog");
        await using var gateway = await RunningGateway.StartAsync(backend);

        using var response = await gateway.GetAsync(path);

        await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Method_body_status_and_headers_pass_through_both_ways()
    {
        await using var backend = await Backend.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            context.Response.Headers.ETag = context.Request.Headers.IfMatch;
            await context.Response.WriteAsync($"{context.Request.Method} {await body.ReadToEndAsync()}");
        });
        await using var gateway = await RunningGateway.StartAsync(backend);
        var request = new HttpRequestMessage(HttpMethod.Put, "/api/products/1")
        {
            Content = new StringContent("hello"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "\"7\"");

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
        Assert.Equal("\"7\"", response.Headers.ETag?.Tag);
        Assert.Equal("PUT hello", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Instances_share_the_requests()
    {
        await using var first = await Backend.StartAsync("first");
        await using var second = await Backend.StartAsync("second");
        await using var gateway = await RunningGateway.StartAsync(first, second);

        for (var i = 0; i < 60; i++)
        {
            await gateway.GetStringAsync("/api/products");
        }

        // Chance decides; that one of them gets fewer than 5 of 60 happens once in some hundred billion runs.
        Assert.Equal(60, first.Requests.Count + second.Requests.Count);
        Assert.True(first.Requests.Count >= 5, $"The first instance got {first.Requests.Count}.");
        Assert.True(second.Requests.Count >= 5, $"The second instance got {second.Requests.Count}.");
    }

    [Fact]
    public async Task A_service_that_moves_is_found_at_its_new_address()
    {
        await using var before = await Backend.StartAsync("before");
        await using var after = await Backend.StartAsync("after");
        await using var gateway = await RunningGateway.StartAsync(before);
        Assert.Equal("before", await gateway.GetStringAsync("/api/products"));

        ((IConfigurationBuilder)gateway.Application.Configuration).AddInMemoryCollection(
            new Dictionary<string, string?> { ["services:catalog:http:0"] = after.Address }
        );

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (await gateway.GetStringAsync("/api/products") != "after")
        {
            Assert.False(limit.IsCancellationRequested, "The gateway still asks the old address.");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/products/1")]
    [InlineData("/no-such-page")]
    public async Task What_no_service_has_is_a_page_of_the_storefront(string path)
    {
        await using var storefront = await Backend.StartAsync(context =>
            context.Response.WriteAsync($"{context.Request.Path} {context.Request.Headers.Cookie}")
        );
        await using var gateway = await RunningGateway.StartAsync($"services:storefront:http:0={storefront.Address}");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", "shop.signin=1");

        using var response = await gateway.SendAsync(request);

        Assert.Equal($"{path} shop.signin=1", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task No_page_is_below_api()
    {
        await using var storefront = await Backend.StartAsync(context => context.Response.WriteAsync("page"));
        await using var gateway = await RunningGateway.StartAsync($"services:storefront:http:0={storefront.Address}");

        using var response = await gateway.GetAsync("/api/unknown");

        await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/ready")]
    public async Task It_is_healthy_whatever_the_services_are(string path)
    {
        using var refusing = new RefusingAddress();
        await using var gateway = await RunningGateway.StartAsync($"services:catalog:http:0={refusing.Address}");

        using var response = await gateway.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
