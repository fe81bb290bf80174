using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Health;

/// <summary>
/// What <c>/ready</c> tells, as the metric <c>shop.dependency.up</c>, for an operator who looks at all services at once. It asks
/// by itself: not every platform probes.
/// </summary>
internal sealed partial class DependencyMetrics : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Readiness _readiness;
    private readonly TimeProvider _time;
    private readonly ILogger<DependencyMetrics> _logger;
    private IReadOnlyList<DependencyReport> _latest = [];

    public DependencyMetrics(
        Readiness readiness,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<DependencyMetrics> logger
    )
    {
        (_readiness, _time, _logger) = (readiness, time, logger);
        meters
            .Create("Shop.ServiceDefaults")
            .CreateObservableGauge(
                "shop.dependency.up",
                () =>
                    _latest.Select(dependency => new Measurement<int>(
                        dependency.Up ? 1 : 0,
                        KeyValuePair.Create("shop.dependency", (object?)dependency.Name)
                    )),
                description: "1 if the dependency answers, 0 if not."
            );
    }

    public async Task MeasureAsync(CancellationToken cancellationToken) =>
        _latest = (await _readiness.GetAsync(cancellationToken)).Dependencies;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await MeasureAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A measurement must not end the service; a metric that is missing is noticed.
                _latest = [];
                LogNotMeasured(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The dependencies could not be measured; the next round tries again")]
    private partial void LogNotMeasured(Exception exception);
}
