using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.AppHost.Tests.Telemetry;

/// <summary>Takes the spans, metrics and logs that services export over OTLP/HTTP, as a collector would.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<ReceivedLog> _logs = new();
    private readonly ConcurrentQueue<string> _canaries = new();
    private readonly ConcurrentDictionary<string, byte> _series = new();
    private readonly ConcurrentDictionary<string, byte> _labels = new();

    /// <summary>A test sends it where people's data goes. It may be in no span, metric or log.</summary>
    public const string Canary = "Canary7f3a";

    private static readonly byte[] s_canary = Encoding.UTF8.GetBytes(Canary);

    private OtlpReceiver(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    public IReadOnlyCollection<ReceivedLog> Logs => _logs;

    /// <summary>Where <see cref="Canary"/> was found in what came, with the text around it.</summary>
    public IReadOnlyCollection<string> Canaries => _canaries;

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
        receiver._server.MapPost("/v1/logs", receiver.ExportLogsAsync);
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

    private async Task ExportLogsAsync(HttpRequest request, HttpResponse response)
    {
        var export = ExportLogsServiceRequest.Parser.ParseFrom(await ReadAsync(request));
        foreach (var resource in export.ResourceLogs)
        {
            var service = Text(resource.Resource.Attributes, "service.name");
            foreach (var scope in resource.ScopeLogs)
            foreach (var record in scope.LogRecords)
            {
                _logs.Enqueue(
                    new(
                        service,
                        scope.Scope?.Name ?? "",
                        record.EventName,
                        record.Body?.StringValue ?? "",
                        Convert.ToHexStringLower(record.TraceId.Span),
                        record
                            .Attributes.DistinctBy(one => one.Key)
                            .ToDictionary(one => one.Key, one => one.Value?.StringValue ?? "")
                    )
                );
            }
        }
        response.ContentType = "application/x-protobuf";
    }

    private async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (bytes.AsSpan().IndexOf(s_canary) is >= 0 and var at)
        {
            var around = bytes.AsSpan(Math.Max(0, at - 200)..Math.Min(bytes.Length, at + 100));
            _canaries.Enqueue($"{request.Path}: {Regex.Replace(Encoding.UTF8.GetString(around), "[^ -~]+", " ")}");
        }
        return bytes;
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

/// <summary>A line of a log as a service reported it.</summary>
/// <param name="Service">Who reported it.</param>
/// <param name="Category">The logger's name.</param>
/// <param name="EventName">Which of the category's events it is.</param>
/// <param name="Message">The text.</param>
/// <param name="TraceId">The trace in which it was written; empty outside of one.</param>
/// <param name="Fields">Its attributes that are texts, those of its scopes included.</param>
internal sealed record ReceivedLog(
    string Service,
    string Category,
    string EventName,
    string Message,
    string TraceId,
    IReadOnlyDictionary<string, string> Fields
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
