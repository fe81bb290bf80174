using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.AppHost.Tests.Telemetry;

/// <summary>Takes the spans and metrics that services export over OTLP/HTTP, as a collector would.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentDictionary<string, byte> _series = new();
    private readonly ConcurrentDictionary<string, byte> _labels = new();

    private OtlpReceiver(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    /// <summary>What Prometheus calls the time series that have come.</summary>
    public bool HasSeries(string name) => _series.ContainsKey(name);

    /// <summary>Whether any of them has a label of that name.</summary>
    public bool HasLabel(string name) => _labels.ContainsKey(name);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.MapPost("/v1/traces", receiver.ExportAsync);
        receiver._server.MapPost("/v1/metrics", receiver.ExportMetricsAsync);
        receiver._server.MapFallback(() => Results.Ok()); // logs
        await receiver._server.StartAsync();
        return receiver;
    }

    private async Task ExportAsync(HttpRequest request, HttpResponse response)
    {
        var export = ExportTraceServiceRequest.Parser.ParseFrom(await ReadAsync(request));
        foreach (var resource in export.ResourceSpans)
        {
            var service = Text(resource.Resource.Attributes, "service.name");
            var instance = Text(resource.Resource.Attributes, "service.instance.id");
            foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                _spans.Enqueue(
                    new(
                        service,
                        Convert.ToHexStringLower(span.TraceId.Span),
                        Convert.ToHexStringLower(span.SpanId.Span),
                        Convert.ToHexStringLower(span.ParentSpanId.Span),
                        span.Name,
                        instance,
                        Text(span.Attributes, "messaging.message.id"),
                        (SpanKind)span.Kind
                    )
                );
            }
        }
        response.ContentType = "application/x-protobuf";
    }

    private async Task ExportMetricsAsync(HttpRequest request, HttpResponse response)
    {
        var export = ExportMetricsServiceRequest.Parser.ParseFrom(await ReadAsync(request));
        foreach (
            var metric in export
                .ResourceMetrics.SelectMany(resource => resource.ScopeMetrics)
                .SelectMany(scope => scope.Metrics)
                .Select(ReceivedMetric.Of)
        )
        {
            foreach (var name in metric.SeriesNames)
                _series[name] = 0;
            foreach (var name in metric.LabelNames)
                _labels[name] = 0;
        }
        response.ContentType = "application/x-protobuf";
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static string Text(IEnumerable<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value.StringValue ?? "";

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>A span as a service reported it; ids are lower-case hexadecimal.</summary>
/// <param name="Service">Who reported it.</param>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">The span.</param>
/// <param name="ParentSpanId">Its parent; empty for a root.</param>
/// <param name="Name">What was done.</param>
/// <param name="Instance">The instance of the service.</param>
/// <param name="MessageId">For a span of messaging, the message; empty for others.</param>
/// <param name="Kind">The side of a call or message.</param>
internal sealed record ReceivedSpan(
    string Service,
    string TraceId,
    string SpanId,
    string ParentSpanId,
    string Name,
    string Instance,
    string MessageId,
    SpanKind Kind
);

/// <summary>As OTLP numbers them.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}
