using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Messaging;

/// <summary>Every context's queue answers. Dead letters, and the age of the oldest message not sent yet, are told as details.</summary>
internal sealed class InProcessHealthCheck(
    IEnumerable<DeadLetterQueue> queues,
    IEnumerable<OutboxLag> lags,
    DeadLetterCounts letters
) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        await Task.WhenAll(queues.Select(queue => queue.CountAsync(limit: 1, cancellationToken)));
        return HealthCheckResult.Healthy(MessagingDetails.Of(lags, letters));
    }
}
