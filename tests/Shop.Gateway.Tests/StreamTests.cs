using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Shop.Testing;

namespace Shop.Gateway.Tests;

/// <summary>Server-sent events pass through as they come, for minutes, and are in nobody's way.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Stream = "/api/orders/01900000-0000-7000-8000-000000000001/events";

    private readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestTokens _tokens = null!;
    private Backend _ordering = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _tokens = await TestTokens.StartAsync();
        _ordering = await Backend.StartAsync(async context =>
        {
            if (context.Request.Path == Stream)
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: first\n\n", context.RequestAborted);
                await _mayGoOn.Task.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("data: last\n\n", context.RequestAborted);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        _mayGoOn.TrySetResult();
        await _ordering.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_comes_as_it_is_written_and_outlives_the_limits_of_other_requests()
    {
        await using var gateway = await StartAsync("Gateway:Timeout=00:00:00.5", "Gateway:TotalTimeout=00:00:00.5");

        using var response = await OpenAsync(gateway);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        var first = await events.ReadLineAsync(Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancel);
        _mayGoOn.SetResult();
        var rest = await events.ReadToEndAsync(Cancel);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("data: first", first);
        Assert.Equal("\ndata: last\n\n", rest);
    }

    [Fact]
    public async Task A_stream_that_goes_on_too_long_is_cut_off()
    {
        await using var gateway = await StartAsync("Gateway:StreamTimeout=00:00:00.5");

        using var response = await OpenAsync(gateway);

        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Streams_take_no_place_of_other_requests_and_are_limited_themselves()
    {
        await using var gateway = await StartAsync("Gateway:MaxConcurrency=1", "Gateway:MaxStreams=1");

        using var open = await OpenAsync(gateway);
        using var other = await gateway.GetAsync("/api/orders");
        using var another = await gateway.GetAsync(Stream);

        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        var problem = await another.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        Assert.Equal("The ordering service has too much to do", problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_gateway_that_stops_does_not_wait_for_streams()
    {
        await using var gateway = await StartAsync();
        using var open = await OpenAsync(gateway);

        var begun = Stopwatch.GetTimestamp();
        await gateway.Application.StopAsync(Cancel);

        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Strangers_do_not_get_to_a_stream()
    {
        await using var gateway = await StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;

        using var response = await gateway.GetAsync(Stream);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(_ordering.Requests);
    }

    private async Task<RunningGateway> StartAsync(params string[] settings)
    {
        var gateway = await RunningGateway.StartAsync([
            $"Identity:Authority={_tokens.Authority}",
            $"services:ordering:http:0={_ordering.Address}",
            .. settings,
        ]);
        gateway.Client.DefaultRequestHeaders.Authorization = _tokens.Bearer(Guid.CreateVersion7());
        return gateway;
    }

    private static Task<HttpResponseMessage> OpenAsync(RunningGateway gateway) =>
        gateway.Client.GetAsync(new Uri(Stream, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
}
