using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Health;

/// <summary>
/// What <c>/ready</c> tells, as the metric <c>shop.dependency.up</c>, for an operator who looks at all services at once. It asks
/// by itself: not every platform probes.
/// </summary>
internal sealed class DependencyMetrics : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Readiness _readiness;
    private readonly TimeProvider _time;
    private IReadOnlyList<DependencyReport> _latest = [];

    public DependencyMetrics(Readiness readiness, TimeProvider time, IMeterFactory meters)
    {
        (_readiness, _time) = (readiness, time);
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
            await MeasureAsync(stoppingToken);
        }
    }
}
