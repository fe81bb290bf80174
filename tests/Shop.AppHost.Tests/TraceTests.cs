using Shop.AppHost.Tests.Telemetry;
using Shop.Testing;

namespace Shop.AppHost.Tests;

public sealed class TraceTests(RunningShop shop)
{
    private static readonly string[] s_services =
    [
        "gateway",
        "catalog",
        "ordering",
        "inventory",
        "payments",
        "billing",
        "notifications",
    ];

    private const int MaxSpans = 60;

    [Fact]
    public async Task One_trace_runs_from_the_request_through_every_service_of_the_saga()
    {
        var traceId = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders")
        {
            Content = System.Net.Http.Json.JsonContent.Create(ShopClient.OrderBody(Products.Number(0x37), 1)),
        };
        request.Headers.Add("traceparent", $"00-{traceId}-00f067aa0ba902b7-01");

        using var response = await shop.Client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode, $"POST /api/orders answered {(int)response.StatusCode}.");
        await shop.Client.WaitForEndAsync(response.Headers.Location!.ToString().Split('/')[^1]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (s_services.Except(Spans().Select(span => span.Service)).ToList() is { Count: > 0 } missing)
        {
            Assert.False(limit.IsCancellationRequested, $"No span of {string.Join(", ", missing)} in trace {traceId}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        // Unbroken: every parent is in the trace too, but for the test's own.
        List<ReceivedSpan> orphans;
        while ((orphans = Orphans()).Count > 0 && !limit.IsCancellationRequested)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.True(orphans.Count == 0, $"Spans whose parent is missing: {string.Join("; ", orphans)}");

        var spans = await WholeAsync();
        Assert.True(
            spans.Count <= MaxSpans,
            $"{spans.Count} spans, more than {MaxSpans}: {string.Join("; ", spans.Select(span => $"{span.Service} {span.Name}").Order())}"
        );
        Assert.All(
            spans,
            span =>
            {
                // Not the database alone, nor a route that does not say what was asked for.
                Assert.NotEqual("postgresql", span.Name);
                Assert.False(span.Name.EndsWith("db", StringComparison.Ordinal), span.Name);
                Assert.DoesNotContain("{**", span.Name, StringComparison.Ordinal);
            }
        );
        Assert.Contains(spans, span => span is { Service: "gateway", Name: "POST /api/orders" });
        Assert.Contains(spans, span => span is { Service: "notifications", Name: "notify email" });

        // Each message was sent once, and handled once by each context that got it.
        var sends = spans.Where(span => span.Kind == SpanKind.Producer).ToList();
        var deliveries = spans.Where(span => span.Kind == SpanKind.Consumer).ToList();
        Assert.Distinct(sends.Select(span => span.MessageId));
        Assert.Distinct(deliveries.Select(span => (span.MessageId, span.Service)));
        Assert.Empty(deliveries.Select(span => span.MessageId).Except(sends.Select(span => span.MessageId)));
        Assert.True(deliveries.Count >= 10, $"Only {deliveries.Count} messages were handled.");

        // The journey in the documentation is this one. A deadline is delivered long after the order has ended.
        var journey =
            from delivery in deliveries
            join send in sends on delivery.MessageId equals send.MessageId
            let type = delivery.Name["process ".Length..]
            where !type.Contains("step-deadline", StringComparison.Ordinal)
            select $"{send.Service}-->>{delivery.Service}: {type}";
        var documented = (
            await File.ReadAllLinesAsync(
                Repository.PathOf("docs/journey-of-an-order.md"),
                TestContext.Current.CancellationToken
            )
        ).Where(line => line.Contains("-->>", StringComparison.Ordinal));
        Assert.Equal(documented.Select(line => line.Trim()).Order(), journey.Order());

        // Logs are found by the trace, the order, what is correlated, and the event.
        var orderId = response.Headers.Location!.ToString().Split('/')[^1];
        List<ReceivedLog> logs;
        while ((logs = [.. shop.Telemetry.Logs.Where(log => log.TraceId == traceId)]).Count < 2)
        {
            Assert.False(limit.IsCancellationRequested, $"Only {logs.Count} lines of logs are of trace {traceId}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.All(logs, log => Assert.NotEmpty(log.EventName));
        Assert.All(logs, log => Assert.NotEmpty(log.Fields["CorrelationId"]));
        Assert.Contains(
            logs,
            log => log is { Service: "ordering", EventName: "Changed" } && log.Fields["OrderId"] == orderId
        );

        // A trace of its own for each connection that a pool opens would bury the others.
        Assert.DoesNotContain(shop.Telemetry.Spans, span => span.Name.StartsWith("CONNECT", StringComparison.Ordinal));

        // So would those of the gateway's probes, every few seconds.
        Assert.DoesNotContain(
            shop.Telemetry.Spans,
            span => span.Name.Contains("health_check", StringComparison.Ordinal)
        );

        List<ReceivedSpan> Spans() => [.. shop.Telemetry.Spans.Where(span => span.TraceId == traceId)];

        // Until no more have come for a while.
        async Task<List<ReceivedSpan>> WholeAsync()
        {
            var last = Spans();
            for (var quiet = 0; quiet < 20; quiet++)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
                var now = Spans();
                if (now.Count > last.Count)
                    (last, quiet) = (now, 0);
            }
            return last;
        }

        List<ReceivedSpan> Orphans()
        {
            var ids = Spans().Select(span => span.SpanId).ToHashSet();
            return
            [
                .. Spans().Where(span => span.ParentSpanId != "00f067aa0ba902b7" && !ids.Contains(span.ParentSpanId)),
            ];
        }
    }

    [Fact]
    public async Task A_page_is_one_trace_named_by_its_route_and_its_files_have_none()
    {
        var file = await GetAsync("/icon.svg");
        var page = await GetAsync("/products");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string[] wanted = ["gateway GET /products", "storefront GET /products", "gateway GET /api/search"];
        while (
            wanted.Except(Spans(page).Select(span => $"{span.Service} {span.Name}")).ToList() is { Count: > 0 } missing
        )
        {
            Assert.False(
                limit.IsCancellationRequested,
                $"Missing in trace {page}: {string.Join(", ", missing)}. There are: {string.Join("; ", Spans(page).Select(span => $"{span.Service} {span.Name}"))}"
            );
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        // Spans come in the order in which they ended, so those of the file would be there.
        Assert.Empty(Spans(file));
        Assert.DoesNotContain(
            shop.Telemetry.Spans,
            span => span.Service == "storefront" && span.Name.StartsWith("Route ", StringComparison.Ordinal)
        );

        IEnumerable<ReceivedSpan> Spans(string traceId) => shop.Telemetry.Spans.Where(span => span.TraceId == traceId);

        async Task<string> GetAsync(string path)
        {
            var traceId = Guid.NewGuid().ToString("N");
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("traceparent", $"00-{traceId}-00f067aa0ba902b7-01");
            using var response = await shop.Client.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"GET {path} answered {(int)response.StatusCode}.");
            return traceId;
        }
    }
}
