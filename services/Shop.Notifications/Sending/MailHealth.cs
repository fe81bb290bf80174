using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.Notifications.Providers;

namespace Shop.Notifications.Sending;

/// <summary>
/// What the last mail showed of the mail server, as a detail of <c>/ready</c>. When it does not answer, mails wait and are sent
/// later, and all else goes on: so this never takes the service out of rotation. Nothing is sent to find out.
/// </summary>
internal sealed class MailHealth(NotificationMetrics metrics, TimeProvider time) : IHealthCheck
{
    private Failure? _lastFailure;

    /// <summary>An attempt has come to this.</summary>
    public void Saw(DeliveryResult result) =>
        Volatile.Write(ref _lastFailure, result is DeliveryResult.Unavailable ? new Failure(time.GetUtcNow()) : null);

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            Volatile.Read(ref _lastFailure) is { } failure
                ? HealthCheckResult.Degraded(
                    $"did not answer at {failure.At:HH:mm:ss} UTC; mails wait and are sent later, the oldest since {metrics.OldestPending.TotalSeconds:F0} s"
                )
                : HealthCheckResult.Healthy()
        );

    private sealed record Failure(DateTimeOffset At);
}
