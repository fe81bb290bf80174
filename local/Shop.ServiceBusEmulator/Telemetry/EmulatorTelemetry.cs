using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Shop.ServiceBusEmulator.Telemetry;

/// <summary>
/// Collects metrics for <c>/metrics</c>, and sends metrics and spans over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// The other <c>OTEL_*</c> variables are read by the SDK. When neither is wanted, nothing is collected.
/// </summary>
internal sealed class EmulatorTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = "Shop.ServiceBusEmulator";

    private readonly TracerProvider? traces;

    public EmulatorTelemetry(bool isScraped)
    {
        var isExported = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));
        if (isScraped || isExported)
        {
            var metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter(Name);
            metrics = isScraped ? metrics.AddPrometheusExporter(AlwaysFresh) : metrics;
            Metrics = (isExported ? metrics.AddOtlpExporter() : metrics).Build();
        }

        if (isExported)
        {
            traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource(Name)
                .AddOtlpExporter()
                .Build();
        }
    }

    public MeterProvider? Metrics { get; }

    /// <summary>Sends what has not been sent.</summary>
    public void Dispose()
    {
        traces?.Dispose();
        Metrics?.Dispose();
    }

    // Counting is cheap here, and who looks twice wants to see what has changed.
    private static void AlwaysFresh(PrometheusAspNetCoreOptions options) =>
        options.ScrapeResponseCacheDurationMilliseconds = 0;

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? "servicebus-emulator");
}
