using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Shop.Gateway.Edge;

/// <summary>
/// Before the gateway stops listening, <c>/ready</c> says no for a while, so that whoever balances the load goes elsewhere
/// first. What is under way then finishes.
/// </summary>
internal sealed class Draining(IOptions<GatewayOptions> options) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool isStopping;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        await Task.Delay(options.Value.DrainDelay, cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(isStopping ? HealthCheckResult.Unhealthy("is stopping") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
