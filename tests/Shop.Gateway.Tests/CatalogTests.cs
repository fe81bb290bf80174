using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;

namespace Shop.Gateway.Tests;

/// <summary>HTTP outside, gRPC inside, and nobody notices.</summary>
public sealed class CatalogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_product_comes_over_grpc_and_looks_as_catalog_shows_it()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        var id = catalog.Add("Lamp", 19, 900_000_000, stock: 5);

        using var response = await gateway.GetAsync($"/api/products/{id}");

        Assert.Equal(
            $$"""{"id":"{{id}}","name":"Lamp","description":"A Lamp & more","price":19.90,"currency":"USD","categories":["home-office","lamps"],"image":null,"stock":5}""",
            await response.Content.ReadAsStringAsync(Cancel)
        );
        Assert.Equal("\"3.41\"", response.Headers.ETag?.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(7, 0, "7.00")]
    [InlineData(0, 50_000_000, "0.05")]
    [InlineData(1_234_567, 890_000_000, "1234567.89")]
    public async Task A_price_has_two_decimals(long units, int nanos, string expected)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        var id = catalog.Add("Lamp", units, nanos, image: "lamp.jpg");

        var product = await gateway.GetStringAsync($"/api/products/{id}");

        Assert.Contains($"\"price\":{expected},", product, StringComparison.Ordinal);
        Assert.Contains("\"image\":\"lamp.jpg\"", product, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"3.41\"", HttpStatusCode.NotModified)]
    [InlineData("\"1.1\", W/\"3.41\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"3.40\"", HttpStatusCode.OK)]
    public async Task Who_has_the_product_already_is_told_so(string known, HttpStatusCode expected)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/products/{catalog.Add("Lamp", 1, 0)}");
        request.Headers.TryAddWithoutValidation("If-None-Match", known);

        using var response = await gateway.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(EntityTagHeaderValue.Parse("\"3.41\""), response.Headers.ETag);
    }

    [Theory]
    [InlineData("", """{"available":true,"availableStock":5}""")]
    [InlineData("?quantity=5", """{"available":true,"availableStock":5}""")]
    [InlineData("?quantity=6", """{"available":false,"availableStock":5}""")]
    public async Task Availability_comes_over_grpc(string query, string expected)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        var id = catalog.Add("Lamp", 1, 0, stock: 5);

        Assert.Equal(expected, await gateway.GetStringAsync($"/api/products/{id}/availability{query}"));
        Assert.StartsWith("CheckAvailability", Assert.Single(catalog.Calls), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, HttpStatusCode.NotFound, "not-found")]
    [InlineData(StatusCode.Unavailable, HttpStatusCode.ServiceUnavailable, "unavailable")]
    [InlineData(StatusCode.DeadlineExceeded, HttpStatusCode.GatewayTimeout, "gateway-timeout")]
    [InlineData(StatusCode.DataLoss, HttpStatusCode.BadGateway, "bad-gateway")]
    public async Task A_grpc_status_is_told_as_https(StatusCode code, HttpStatusCode expected, string kind)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        catalog.Failure = new RpcException(new Status(code, "secret words of the catalogue"));

        using var response = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}");

        var problem = await response.ProblemAsync(expected, kind);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(code == StatusCode.Unavailable, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task A_rule_that_catalog_finds_broken_is_named_with_its_field()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        catalog.Failure = CatalogStandIn.Invalid("quantity", "must be from 1 to 10000");

        using var response = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}/availability?quantity=0");

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation");
        Assert.Equal(
            "must be from 1 to 10000",
            Assert.Single(problem.GetProperty("errors").GetProperty("quantity").EnumerateArray()).GetString()
        );
        Assert.Equal("CheckAvailability 0", Assert.Single(catalog.Calls));
    }

    [Fact]
    public async Task A_quantity_that_is_no_number_is_named()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);

        using var response = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}/availability?quantity=x");

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation");
        Assert.True(problem.GetProperty("errors").TryGetProperty("quantity", out _), problem.GetRawText());
        Assert.Empty(catalog.Calls);
    }

    [Fact]
    public async Task A_catalog_that_stays_silent_is_timed_out()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(
            catalog.Setting,
            "Gateway:Timeouts:catalog=00:00:00.500"
        );
        catalog.IsSilent = true;

        using var response = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}");

        await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout");
    }

    [Fact]
    public async Task A_try_that_the_client_gave_up_is_timed_out_as_well()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting, "Gateway:Timeouts:catalog=00:00:30");
        catalog.IsSilent = true;

        using var response = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}");

        await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout");
    }

    [Fact]
    public async Task A_catalog_that_keeps_failing_is_left_alone_and_is_unavailable()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(catalog.Setting);
        catalog.Failure = new RpcException(new Status(StatusCode.Unavailable, "down"));
        // More than the circuit needs.
        for (var i = 0; i < 10; i++)
        {
            using var failed = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}");
            await failed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        }

        catalog.Failure = null;
        catalog.Calls.Clear();
        using var response = await gateway.GetAsync($"/api/products/{catalog.Add("Lamp")}");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Empty(catalog.Calls);
    }

    [Fact]
    public async Task A_catalog_that_refuses_is_unavailable()
    {
        using var refusing = new RefusingAddress();
        await using var gateway = await RunningGateway.StartAsync($"services:catalog:grpc:0={refusing.Address}");

        using var response = await gateway.GetAsync($"/api/products/{Guid.CreateVersion7()}");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/availability")]
    public async Task What_is_not_translated_goes_to_the_service_as_it_is(string method, string path)
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(
            catalog.Setting,
            $"services:catalog:http:0={backend.Address}"
        );
        var target = $"/api/products/{Guid.CreateVersion7()}{path}";

        using var response = await gateway.SendAsync(new(new HttpMethod(method), target));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(target, Assert.Single(backend.Requests).Target);
        Assert.Empty(catalog.Calls);
    }
}
