namespace Shop.Monolith;

/// <summary>Says in one line where the shop is, once it is there.</summary>
internal sealed class Announcement(Addresses addresses) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken) =>
        Console.Out.WriteLineAsync($"The shop is ready on {addresses.Reachable}; Ctrl-C ends it.");

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
