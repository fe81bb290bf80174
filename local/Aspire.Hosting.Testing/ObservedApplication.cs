using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What the AppHost's entry point gets from Build: the test starts and stops the application, the entry point waits for it.</summary>
internal sealed class ObservedApplication(DistributedApplication application) : DistributedApplication(application)
{
    // Taken now: the services are gone when the application is disposed.
    private readonly CancellationToken _started = Lifetime(application).ApplicationStarted;
    private readonly CancellationToken _stopping = Lifetime(application).ApplicationStopping;
    private readonly CancellationToken _stopped = Lifetime(application).ApplicationStopped;

    public override Task StartAsync(CancellationToken cancellationToken = default) =>
        Either(_started, _stopping, cancellationToken);

    public override Task StopAsync(CancellationToken cancellationToken = default)
    {
        Lifetime(application).StopApplication();
        return Either(_stopped, default, cancellationToken);
    }

    public override Task RunAsync(CancellationToken cancellationToken = default) =>
        Either(_stopped, default, cancellationToken);

    [SuppressMessage("Usage", "CA2215", Justification = "The test disposes the application.")]
    public override void Dispose() => GC.SuppressFinalize(this);

    [SuppressMessage("Usage", "CA2215", Justification = "The test disposes the application.")]
    public override ValueTask DisposeAsync() => default;

    private static IHostApplicationLifetime Lifetime(DistributedApplication application) =>
        application.Services.GetRequiredService<IHostApplicationLifetime>();

    private static async Task Either(
        CancellationToken one,
        CancellationToken other,
        CancellationToken cancellationToken
    )
    {
        var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = one.Register(happened.SetResultIfUnset);
        await using var second = other.Register(happened.SetResultIfUnset);
        await happened.Task.WaitAsync(cancellationToken);
    }
}

internal static class TaskCompletionSourceExtensions
{
    public static void SetResultIfUnset(this TaskCompletionSource source) => source.TrySetResult();
}
