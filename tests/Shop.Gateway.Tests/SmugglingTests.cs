using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Shop.Gateway.Tests;

/// <summary>Requests that no well-behaved client would send, byte for byte.</summary>
public sealed class SmugglingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Malformed =>
        [
            "POST /api/products HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
            "POST /api/products HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: gzip, identity\r\n\r\nabcd",
            "GET /api/products HTTP/1.1\r\nHost: shop\r\nHost: other\r\n\r\n",
            "GET /api/products HTTP/1.1\r\n\r\n",
            "GET /api/products HTTP/1.1\r\nHost: shop\r\nBad Header: 1\r\n\r\n",
            "GET /api/products HTTP/1.1\r\nHost: shop\r\nX: a\r\n b\r\n\r\n",
            "GET /api/pro\0ducts HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET http://other/api/products HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET http:///api/products HTTP/1.1\r\nHost: shop\r\n\r\n",
            "CONNECT other:80 HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET /api/products/%252e%252e/orders HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET /api/products/%252E%252e%252Forders HTTP/1.1\r\nHost: shop\r\n\r\n",
            "GET /api/products/%25252e/orders HTTP/1.1\r\nHost: shop\r\n\r\n",
            "POST /api/orders HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n",
            "GET /api/products HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
        ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_request_is_refused_and_no_service_hears_of_it(string request)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);

        var answer = await SendAsync(gateway, request);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task A_body_in_malformed_chunks_is_refused()
    {
        await using var backend = await Backend.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var gateway = await RunningGateway.StartAsync(backend);

        var answer = await SendAsync(
            gateway,
            "POST /api/products HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_with_two_lengths_is_refused_and_what_follows_is_no_request()
    {
        await using var backend = await Backend.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var gateway = await RunningGateway.StartAsync(backend);

        var answer = await SendAsync(
            gateway,
            "POST /api/products HTTP/1.1\r\nHost: shop\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\nGET /api/products/smuggled HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("two lengths", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 "), part => part.Length > 0);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("GET /api/products/../orders HTTP/1.1")]
    [InlineData("GET /api/products/%2e%2e/orders HTTP/1.1")]
    [InlineData("GET /api/products/.%2E/orders HTTP/1.1")]
    [InlineData("GET /api/products/x/../../orders HTTP/1.1")]
    public async Task Dots_do_not_lead_out_of_a_services_paths(string line)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);

        var answer = await SendAsync(gateway, line + "\r\nHost: shop\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("/api/products/a%2F..%2Fb", "/api/products/a%2F..%2Fb")]
    [InlineData("/api/products/%2E%2E%2Forders", "/api/products/..%2Forders")]
    [InlineData("/api/products/..%5Corders", "/api/products/..%5Corders")]
    [InlineData("/api/products/100%25?q=%252e", "/api/products/100%25?q=%252e")]
    public async Task What_is_encoded_leads_nowhere_else(string path, string passedOn)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);

        var answer = await SendAsync(gateway, $"GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(passedOn, Assert.Single(backend.Requests).Target);
    }

    [Fact]
    public async Task An_absolute_address_leads_to_the_service_of_its_path_and_nowhere_else()
    {
        await using var elsewhere = await Backend.StartAsync("elsewhere");
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);
        var host = new Uri(elsewhere.Address).Authority;

        var answer = await SendAsync(
            gateway,
            $"GET http://{host}/api/products?page=1 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal("/api/products?page=1", Assert.Single(backend.Requests).Target);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Headers_of_the_connection_and_those_it_names_are_not_passed_on()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);

        await SendAsync(
            gateway,
            "GET /api/products HTTP/1.1\r\nHost: shop\r\nConnection: X-Hop, Authorization\r\nKeep-Alive: 5\r\n"
                + "X-Hop: 1\r\nProxy-Connection: x\r\nAuthorization: Bearer x\r\n"
                + "TE: gzip\r\nUpgrade: h2c\r\nProxy-Authorization: Basic eA==\r\n\r\n"
                + "GET /api/products HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
        );

        Assert.Equal(2, backend.Requests.Count);
        var seen = backend.Requests.First().Headers.Keys;
        string[] dropped =
        [
            "Connection",
            "Keep-Alive",
            "X-Hop",
            "Proxy-Connection",
            "TE",
            "Upgrade",
            "Proxy-Authorization",
        ];
        Assert.Empty(seen.Intersect(dropped, StringComparer.OrdinalIgnoreCase));
        // Nobody takes away from a request what it is judged by.
        Assert.Contains("Authorization", seen);
    }

    [Fact]
    public async Task Headers_of_the_connection_to_a_service_do_not_come_back()
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.Headers.KeepAlive = "timeout=5";
            context.Response.Headers["Proxy-Connection"] = "x";
            context.Response.Headers.Upgrade = "h2c";
            return context.Response.WriteAsync("ok");
        });
        await using var gateway = await RunningGateway.StartAsync(backend);

        using var response = await gateway.GetAsync("/api/products");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string[] dropped = ["Keep-Alive", "Proxy-Connection", "Upgrade"];
        Assert.Empty(
            response.Headers.Select(header => header.Key).Intersect(dropped, StringComparer.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Too_many_headers_are_refused()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);
        var headers = string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: 1\r\n"));

        var answer = await SendAsync(gateway, $"GET /api/products HTTP/1.1\r\nHost: shop\r\n{headers}\r\n");

        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData(2, 200)]
    [InlineData(3, 431)]
    public async Task Headers_have_16_KB_in_all(int ofSixKilobytes, int expected)
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(backend);
        var headers = string.Concat(
            Enumerable.Range(0, ofSixKilobytes).Select(i => $"X-{i}: {new string('x', 6144)}\r\n")
        );

        var answer = await SendAsync(
            gateway,
            $"GET /api/products HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{headers}\r\n"
        );

        Assert.StartsWith($"HTTP/1.1 {expected}", answer, StringComparison.Ordinal);
        Assert.Equal(expected == 200 ? 1 : 0, backend.Requests.Count);
    }

    /// <summary>What comes back until the server closes the connection.</summary>
    private static async Task<string> SendAsync(RunningGateway gateway, string request)
    {
        using var client = new TcpClient();
        var address = gateway.Client.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancel);
        using var answer = new MemoryStream();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // Reset instead of closed, or kept open.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
