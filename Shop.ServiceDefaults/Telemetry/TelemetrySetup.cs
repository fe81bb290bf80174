using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Telemetry;

internal static class TelemetrySetup
{
    /// <summary>
    /// Traces, metrics and logs, exported to where <see cref="OtlpSignal"/> and <see cref="AzureMonitor"/> say. The standard
    /// <c>OTEL_*</c> variables that neither names (service name, resource attributes, sampler, intervals) are the SDK's to read.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource
                    .AddService(
                        builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName,
                        serviceInstanceId: Environment.MachineName
                            + "-"
                            + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
                    )
                    // Last, so that OTEL_RESOURCE_ATTRIBUTES takes precedence: the instance id that the AppHost sets there stays
                    // the same when a service restarts.
                    .AddEnvironmentVariableDetector()
            )
            .WithTracing(tracing =>
                tracing
                    // Not the Azure SDK's: messages have spans of their own. Nor YARP's: each is around one HTTP request, which
                    // has a span. gRPC's are the parents of those of its requests.
                    .AddSource("Shop.*", "Npgsql", "Grpc.Net.Client")
                    .AddAspNetCoreInstrumentation(options =>
                    {
                        options.Filter = context => IsTraced(context.Request.Path);
                        // A page's request has a span.
                        options.EnableRazorComponentsSupport = false;
                        options.EnrichWithHttpResponse = SpanAddress.Clean;
                    })
                    .AddHttpClientInstrumentation(options =>
                        options.FilterHttpRequestMessage = request => IsTraced(request.RequestUri?.AbsolutePath)
                    )
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter("Shop.*", "Npgsql")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
            );

        var isExported = AddExporters(telemetry, builder.Configuration);
        if (isExported.Any)
        {
            builder.Services.AddHostedService<TelemetryFlush>();
        }

        if (!isExported.Traces && string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"]))
        {
            // Nobody would see the spans, so none is filled in unless it is asked for. The trace's id still goes along, into
            // the logs and to whom is called.
            telemetry.WithTracing(tracing => tracing.SetSampler<AlwaysOffSampler>());
        }
    }

    private static (bool Traces, bool Any) AddExporters(IOpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        var traces = new OtlpSignal(configuration, "TRACES");
        var metrics = new OtlpSignal(configuration, "METRICS");
        var logs = new OtlpSignal(configuration, "LOGS");
        if (traces.IsExported)
        {
            telemetry.WithTracing(tracing => tracing.AddOtlpExporter(traces.Configure));
        }

        if (metrics.IsExported)
        {
            telemetry.WithMetrics(metering => metering.AddOtlpExporter(metrics.Configure));
        }

        if (logs.IsExported)
        {
            telemetry.WithLogging(logging => logging.AddOtlpExporter(logs.Configure));
        }

        var azure = AzureMonitor.IsExported(configuration);
        if (azure)
        {
            AzureMonitor.Add(telemetry, configuration);
        }

        return (traces.IsExported || azure, traces.IsExported || metrics.IsExported || logs.IsExported || azure);
    }

    // Probes come every few seconds, and each page loads styles, scripts and pictures. Their traces would hide the others, so
    // neither the server nor the client records a span for them.
    private static bool IsTraced(string? path) =>
        path is not (HealthEndpoints.AlivePath or HealthEndpoints.ReadyPath)
        && Path.GetExtension(path) is not (".css" or ".js" or ".svg");
}
