using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>
/// Counts the dead letters of every context of the process now and then: the metric <c>shop.dead_letters</c>, and a detail of the
/// readiness. No count means that it could not be had lately.
/// </summary>
internal sealed partial class DeadLetterCounts : BackgroundService
{
    /// <summary>More than so many are not told apart: the bus has no count, so they are looked at.</summary>
    private const int Most = 1000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<DeadLetterQueue> _queues;
    private readonly MessagingSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetterCounts> _logger;

    public DeadLetterCounts(
        IEnumerable<DeadLetterQueue> queues,
        MessagingSettings settings,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<DeadLetterCounts> logger
    )
    {
        (_queues, _settings, _time, _logger) = ([.. queues], settings, time, logger);
        meters
            .Create(MessagingTelemetry.Name)
            .CreateObservableGauge(
                "shop.dead_letters",
                () =>
                    _counts.Select(count => new Measurement<int>(
                        count.Value,
                        KeyValuePair.Create("shop.context", (object?)count.Key)
                    )),
                "{message}",
                $"Messages that could not be handled, at most {Most}."
            );
    }

    /// <summary>For the operator who looks at the service's readiness; one sentence for each context that has any.</summary>
    public IEnumerable<string> Describe() =>
        _counts
            .Where(count => count.Value > 0)
            .OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count.Key}: {count.Value} dead letter{(count.Value == 1 ? "" : "s")}"
                )
            );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_settings.DeadLetterCountInterval, _time);
        try
        {
            do
            {
                await Task.WhenAll(_queues.Select(queue => CountAsync(queue, stoppingToken)));
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task CountAsync(DeadLetterQueue queue, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        end.CancelAfter(Limit);
        try
        {
            _counts[queue.Context] = await queue.CountAsync(Most, end.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            _counts.TryRemove(queue.Context, out _);
            LogNotCounted(exception, queue.Context);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The dead letters of {Context} could not be counted; the next round tries again")]
    private partial void LogNotCounted(Exception exception, string context);
}
