using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>
/// How many dead letters every context of the process had when they were last counted: the metric <c>shop.deadletters</c>, and a
/// detail of the readiness. No count means that it could not be had lately.
/// </summary>
internal sealed class DeadLetterCounts
{
    /// <summary>More than so many are not told apart: the bus has no count, so they are looked at.</summary>
    public const int Most = 1000;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public DeadLetterCounts(IMeterFactory meters) =>
        meters
            .Create(MessagingTelemetry.Name)
            .CreateObservableGauge(
                "shop.deadletters",
                () =>
                    _counts.Select(count => new Measurement<int>(
                        count.Value,
                        KeyValuePair.Create("shop.context", (object?)count.Key)
                    )),
                "{message}",
                $"Messages that could not be handled, at most {Most}."
            );

    public void Set(string context, int count) => _counts[context] = count;

    public void Forget(string context) => _counts.TryRemove(context, out _);

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
}

/// <summary>Counts dead letters now and then.</summary>
internal sealed partial class DeadLetterCounting(
    IEnumerable<DeadLetterQueue> queues,
    DeadLetterCounts counts,
    MessagingSettings settings,
    TimeProvider time,
    ILogger<DeadLetterCounting> logger
) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.DeadLetterCountInterval, time);
        try
        {
            do
            {
                await Task.WhenAll(queues.Select(queue => CountAsync(queue, stoppingToken)));
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
            counts.Set(queue.Context, await queue.CountAsync(DeadLetterCounts.Most, end.Token));
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            counts.Forget(queue.Context);
            LogNotCounted(exception, queue.Context);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The dead letters of {Context} could not be counted; the next round tries again")]
    private partial void LogNotCounted(Exception exception, string context);
}
