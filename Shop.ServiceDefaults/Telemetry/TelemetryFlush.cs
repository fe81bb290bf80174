using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// Exports the last traces, metrics and logs when everything else has stopped. The providers would do it when they are
/// disposed, one after the other, and each would wait 5 seconds for a collector that is gone.
/// </summary>
internal sealed class TelemetryFlush(TracerProvider traces, MeterProvider metrics, LoggerProvider logs)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        var limit = (int)Limit.TotalMilliseconds;
        Parallel.Invoke(() => traces.Shutdown(limit), () => metrics.Shutdown(limit), () => logs.Shutdown(limit));
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
