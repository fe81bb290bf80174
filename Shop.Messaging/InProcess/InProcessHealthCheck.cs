using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Messaging;

/// <summary>Every context's queue answers. Dead letters, and the age of the oldest message not sent yet, are told as details.</summary>
internal sealed class InProcessHealthCheck(IEnumerable<MessageQueue> queues, IEnumerable<OutboxLag> lags) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var letters = await Task.WhenAll(
            queues.Select(async queue => (queue.Name, Count: await queue.CountDeadLettersAsync(cancellationToken)))
        );
        var details = lags.Select(lag => lag.ToString())
            .Concat(
                letters
                    .Where(queue => queue.Count > 0)
                    .Select(queue =>
                        string.Create(CultureInfo.InvariantCulture, $"{queue.Name}: {queue.Count} dead letters")
                    )
            );
        return HealthCheckResult.Healthy(string.Join("; ", details));
    }
}
