using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Shutdown;

/// <summary>
/// The first step of a stop: <c>/ready</c> fails and connections are given up, while the process still serves, so that load
/// balancers and clients go elsewhere before it stops listening.
/// </summary>
internal sealed class Draining(IOptions<ShutdownOptions> options) : IHostedLifecycleService
{
    private volatile bool _isStopping;

    public bool IsStopping => _isStopping;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Task.Delay(options.Value.DrainDelay, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
