using System.Runtime.CompilerServices;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// Exports every signal to Azure Monitor when <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, beside OTLP or without it.
/// </summary>
internal static class AzureMonitor
{
    private const string Setting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public static bool IsExported(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[Setting]);

    /// <summary>Adds the exporters; call it only when <see cref="IsExported"/>.</summary>
    // Not inlined: the exporter's assemblies are loaded by who calls this, so a process without it pays nothing for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(IOpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        var connection = configuration[Setting];
        telemetry.WithTracing(traces => traces.AddAzureMonitorTraceExporter(Configure));
        telemetry.WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(Configure));
        telemetry.WithLogging(logs => logs.AddAzureMonitorLogExporter(Configure));

        void Configure(AzureMonitorExporterOptions options) => options.ConnectionString = connection;
    }
}
