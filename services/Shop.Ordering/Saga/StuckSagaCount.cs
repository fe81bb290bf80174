using System.Diagnostics.Metrics;
using Shop.Ordering.Data;

namespace Shop.Ordering.Saga;

/// <summary>Counts stuck sagas now and then, for the metric <c>shop.saga.stuck</c>. No count means that it could not be had.</summary>
internal sealed partial class StuckSagaCount : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger<StuckSagaCount> _logger;
    private int? _count;

    public StuckSagaCount(
        IServiceScopeFactory scopes,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<StuckSagaCount> logger
    )
    {
        (_scopes, _time, _logger) = (scopes, time, logger);
        meters
            .Create(OrderTransitionInterceptor.MeterName)
            .CreateObservableGauge(
                "shop.saga.stuck",
                () => _count is { } count ? [new Measurement<int>(count)] : Array.Empty<Measurement<int>>(),
                "{order}",
                "Orders whose saga waits for an answer that is overdue."
            );
    }

    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            _count = await scope.ServiceProvider.GetRequiredService<StuckSagas>().CountAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _count = null;
            Log.NotCounted(_logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            await MeasureAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Stuck sagas could not be counted; the next round tries again")]
        public static partial void NotCounted(ILogger logger, Exception exception);
    }
}
