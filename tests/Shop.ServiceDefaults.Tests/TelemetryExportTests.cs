using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Shop.ServiceDefaults.Tests;

/// <summary>Where telemetry goes, by the standard variables.</summary>
public sealed class TelemetryExportTests
{
    [Fact]
    public async Task One_endpoint_gets_every_signal_at_its_path()
    {
        await using var collector = await Collector.StartAsync();

        await ServeAsync(() => Paths(collector).Count() == 3, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address));

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], Paths(collector));
    }

    [Fact]
    public async Task A_signals_own_endpoint_is_used_as_it_is_with_its_own_headers_and_the_others_go_nowhere()
    {
        await using var collector = await Collector.StartAsync();

        await ServeAsync(
            () => Paths(collector).Any(),
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{collector.Address}/api/v1/otlp/v1/metrics"),
            ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=of-metrics")
        );

        Assert.Equal(["/api/v1/otlp/v1/metrics"], Paths(collector));
        Assert.All(collector.Received, request => Assert.Equal("of-metrics", request.Key));
    }

    [Fact]
    public async Task A_signal_whose_exporter_is_none_stays_at_home()
    {
        await using var collector = await Collector.StartAsync();

        await ServeAsync(
            () => Paths(collector).Count() == 2,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_LOGS_EXPORTER", "none")
        );

        Assert.Equal(["/v1/metrics", "/v1/traces"], Paths(collector));
    }

    [Fact]
    public async Task Azure_Monitor_gets_every_signal_when_its_connection_string_is_set()
    {
        await using var azure = await Collector.StartAsync();

        await ServeAsync(
            () => Sent().Contains("\"RequestData\"", StringComparison.Ordinal),
            (
                "APPLICATIONINSIGHTS_CONNECTION_STRING",
                $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={azure.Address}/"
            ),
            ("OTEL_TRACES_SAMPLER", "microsoft.fixed_percentage"),
            ("OTEL_TRACES_SAMPLER_ARG", "1")
        );

        var sent = Sent();
        Assert.Contains("\"RequestData\"", sent, StringComparison.Ordinal);
        Assert.Contains("something to export", sent, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", sent, StringComparison.Ordinal);

        string Sent() => string.Concat(azure.Received.Select(request => request.Body));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4317", "an absolute http or https address")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "carrier-pigeon", "grpc or http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "soon", "milliseconds")]
    [InlineData("OTEL_METRICS_EXPORTER", "prometheus", "otlp or none")]
    public void A_value_that_cannot_be_used_is_refused_with_what_to_set(string variable, string value, string expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[variable] = value;

        var refused = Assert.Throws<SettingException>(() => builder.AddServiceDefaults());

        Assert.Equal($"set {variable} to {expected}, or leave it out.", refused.Message);
    }

    /// <summary>A service that answers a request, logs a line, and stops when what it exports has come.</summary>
    private static async Task ServeAsync(Func<bool> hasCome, params (string Variable, string Value)[] variables)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration["Identity:Issuer"] = "https://shop.test/";
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        foreach (var (variable, value) in variables)
        {
            builder.Configuration[variable] = value;
        }

        builder.AddServiceDefaults();
        await using var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGet("/", () => "hello").AllowAnonymous();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.GetTestClient().GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        app.Logger.LogWarning("something to export");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        // A request's span ends a moment after its answer.
        while (!hasCome() && !limit.IsCancellationRequested)
        {
            app.Services.GetRequiredService<TracerProvider>().ForceFlush();
            app.Services.GetRequiredService<MeterProvider>().ForceFlush();
            app.Services.GetRequiredService<LoggerProvider>().ForceFlush();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Paths(Collector collector) =>
        collector.Received.Select(request => request.Path).Distinct().Order(StringComparer.Ordinal);
}
