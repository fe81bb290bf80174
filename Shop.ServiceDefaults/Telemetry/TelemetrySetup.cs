using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Telemetry;

internal static class TelemetrySetup
{
    /// <summary>
    /// Traces, metrics and logs, exported over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. The other standard
    /// <c>OTEL_*</c> variables (service name, protocol, headers, sampler) are read by the SDK itself.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // The Azure SDK's activities are behind this switch.
        AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", true);

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
                    // A gRPC call's span is the parent of its HTTP request's.
                    .AddSource("Shop.*", "Npgsql", "Grpc.Net.Client")
                    // Not the receiver: its polling belongs to no trace and would begin one each time.
                    .AddSource("Azure.Messaging.ServiceBus.Message", "Azure.Messaging.ServiceBus.ServiceBusSender")
                    .AddAspNetCoreInstrumentation(options =>
                        options.Filter = context => IsNoProbe(context.Request.Path)
                    )
                    .AddHttpClientInstrumentation(options =>
                        options.FilterHttpRequestMessage = request => IsNoProbe(request.RequestUri?.AbsolutePath)
                    )
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter("Shop.*", "Npgsql")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
            );

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
            builder.Services.AddHostedService<TelemetryFlush>();
        }
        else if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"]))
        {
            // Nobody would see the spans, so none is filled in unless it is asked for. The trace's id still goes along, into
            // the logs and to whom is called.
            telemetry.WithTracing(tracing => tracing.SetSampler<AlwaysOffSampler>());
        }
    }

    // Neither asked nor asking: probes come every few seconds, and their traces would bury the others.
    private static bool IsNoProbe(string? path) => path is not (HealthEndpoints.AlivePath or HealthEndpoints.ReadyPath);
}
