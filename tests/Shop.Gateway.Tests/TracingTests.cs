using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Shop.Gateway.Catalog;
using Shop.Gateway.Routing;

namespace Shop.Gateway.Tests;

/// <summary>
/// ASP.NET Core's spans reach every tracer provider of a process, and each one names them. The hosts of other tests would
/// rename these, so these run alone.
/// </summary>
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
public sealed class TracingTestsRunAlone;

[Collection(nameof(TracingTests))]
public sealed class TracingTests
{
    [Fact]
    public async Task The_callers_trace_goes_on_through_the_gateway_to_the_service()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            $"services:catalog:http:0={backend.Address}",
            "OTEL_TRACES_SAMPLER=always_on"
        );
        using var spans = new SpanRecorder();
        gateway.Application.Services.GetRequiredService<TracerProvider>().AddProcessor(spans);
        var trace = ActivityTraceId.CreateRandom();
        var caller = ActivitySpanId.CreateRandom();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");

        using (await gateway.SendAsync(request)) { }

        await gateway.Application.StopAsync(TestContext.Current.CancellationToken);
        var ours = spans.Ended.Where(span => span.TraceId == trace).ToList();
        var server = Assert.Single(ours, span => span.ParentSpanId == caller);
        var client = Assert.Single(ours, span => span.ParentSpanId == server.SpanId);
        Assert.Equal("GET /api/products", server.DisplayName);
        Assert.Equal(ActivityKind.Client, client.Kind);
        Assert.Equal($"00-{trace}-{client.SpanId}-01", Assert.Single(backend.Requests).Headers["traceparent"]);
    }

    [Theory]
    [InlineData("/api/orders", "/api/orders")]
    [InlineData("/api/orders/", "/api/orders")]
    [InlineData("/api/orders/0199f1a0-0000-7000-8000-000000000001", "/api/orders/{id}")]
    [InlineData("/api/orders/0199f1a0-0000-7000-8000-000000000001/cancel", "/api/orders/{id}/cancel")]
    [InlineData("/api/orders/ada@shop.test", "/api/orders/{id}")]
    public void A_span_is_named_by_the_public_route_without_what_somebody_typed(string path, string route) =>
        Assert.Equal(route, PublicRoute.Of("/api/orders", path));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/products", "/products")]
    [InlineData("/products/0199f1a0-0000-7000-8000-000000000001", "/products/{id}")]
    [InlineData("/staff/orders/0199f1a0-0000-7000-8000-000000000001", "/staff/orders/{id}")]
    [InlineData("/ada@shop.test/notes", "/{id}/{id}")]
    public void A_pages_span_is_named_by_its_route_without_what_somebody_typed(string path, string route) =>
        Assert.Equal(route, PublicRoute.Of("", path));

    [Fact]
    public async Task A_call_for_several_requests_is_in_the_trace_of_the_first_and_linked_to_the_others()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(
            new FakeTimeProvider(DateTimeOffset.UtcNow),
            catalog.Setting,
            "OTEL_TRACES_SAMPLER=always_on"
        );
        using var spans = new SpanRecorder();
        gateway.Application.Services.GetRequiredService<TracerProvider>().AddProcessor(spans);
        var batches = gateway.Application.Services.GetRequiredService<ProductBatches>();
        using var source = new ActivitySource("Shop.Tests");
        catalog.Held = new();

        // The first two are calls of their own; the last two wait and share one.
        var requests = Enumerable
            .Range(0, 4)
            .Select(_ => source.CreateActivity("request", ActivityKind.Server)!)
            .ToList();
        var reads = requests.ConvertAll(request =>
        {
            using var _ = request.Start();
            return batches.FindAsync(Guid.NewGuid(), TestContext.Current.CancellationToken);
        });
        catalog.Held.SetResult();
        await Task.WhenAll(reads);

        await gateway.Application.StopAsync(TestContext.Current.CancellationToken);
        foreach (var alone in requests.Take(2))
        {
            var call = Assert.Single(spans.Ended, span => span.ParentSpanId == alone.SpanId);
            Assert.Equal("Grpc.Net.Client", call.Source.Name);
        }

        var shared = Assert.Single(spans.Ended, span => span.Source.Name == "Shop.Gateway");
        Assert.Equal(requests[2].SpanId, shared.ParentSpanId);
        Assert.Equal(requests[3].Context, Assert.Single(shared.Links).Context);
        Assert.Single(spans.Ended, span => span.ParentSpanId == shared.SpanId && span.Source.Name == "Grpc.Net.Client");
    }

    [Fact]
    public async Task Probes_of_services_are_in_no_trace()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            $"services:catalog:http:0={backend.Address}",
            "OTEL_TRACES_SAMPLER=always_on"
        );
        using var spans = new SpanRecorder();
        gateway.Application.Services.GetRequiredService<TracerProvider>().AddProcessor(spans);
        using (await gateway.GetAsync("/api/products")) { }

        // With the second from now on, all spans of the first have ended.
        var before = backend.Probes;
        for (var waited = 0; backend.Probes < before + 2; waited++)
        {
            Assert.True(waited < 300, "The service was not probed twice within 30 s.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Contains(spans.Ended, span => span.Recorded && span.DisplayName == "GET /api/products");
        Assert.DoesNotContain(spans.Ended, span => span.Recorded && IsOfProbe(span));
    }

    private static bool IsOfProbe(Activity span) =>
        span.OperationName.Contains("health_check", StringComparison.Ordinal)
        || (span.GetTagItem("url.full") as string)?.EndsWith("/ready", StringComparison.Ordinal) == true;

    private sealed class SpanRecorder : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = [];

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
