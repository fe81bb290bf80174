using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Gateway.RateLimiting;

/// <summary>
/// Whether the cache is connected, as a detail of <c>/ready</c>. The service works without it, so this never takes the service
/// out of rotation.
/// </summary>
internal sealed class CacheHealth(CacheConnection cache) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            cache.Redis is null or { IsConnected: true }
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("is not connected; each replica counts requests for itself")
        );
}
