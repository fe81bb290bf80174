using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Ends every process, and DCP after them, within five seconds.</summary>
internal sealed class EngineShutdown(
    Instances instances,
    ResourceNotificationService notifications,
    TimeProvider time,
    ILogger<EngineShutdown> logger
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task End(DcpSession session)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await EndGracefully(session, patience.Token);
        }
        catch (OperationCanceledException)
        {
            await Kill(session);
        }
        catch (Exception exception) when (exception is HttpRequestException or DistributedApplicationException)
        {
            // DCP has ended before, and what it started with it.
            logger.LogDebug(exception, "DCP does not answer any more.");
        }
    }

    // What sends telemetry ends first: without the dashboard it would try to send the last of it for ten seconds.
    // It also uses the databases, which wait for their last client.
    private async Task EndGracefully(DcpSession session, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            instances
                .ByResource.Where(group => group.Key.HasAnnotationOfType<OtlpExporterAnnotation>())
                .SelectMany(group => group)
                .Select(instance => EndOne(session.Client, instance.Name, cancellationToken))
        );
        await session.Client.StopServer(cancellationToken);

        // DCP would wait for open connections.
        session.Client.Dispose();
        await session.WaitForEnd(cancellationToken);
    }

    private async Task EndOne(DcpClient dcp, string name, CancellationToken cancellationToken)
    {
        if (await IsRunning(dcp, name, cancellationToken))
        {
            await dcp.StopExecutable(name, cancellationToken);
        }

        while (await IsRunning(dcp, name, cancellationToken))
        {
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static async Task<bool> IsRunning(DcpClient dcp, string name, CancellationToken cancellationToken) =>
        await dcp.Find<DcpExecutable>(DcpExecutable.Plural, name, cancellationToken) is { } item
        && !DcpState.HasEnded(item.Status?.State);

    private async Task Kill(DcpSession session)
    {
        var killed = ProcessKiller.Kill(notifications, instances);
        if (killed.Count > 0)
        {
            logger.LogWarning("{Instances} did not end when asked to and were killed.", string.Join(", ", killed));
        }

        try
        {
            using var limit = new CancellationTokenSource(KillLimit, time);
            await StopServer(session, limit.Token);
            await session.WaitForEnd(limit.Token);
        }
        catch (OperationCanceledException)
        {
            logger.LogWarning("Aspire's engine (DCP) is still ending; it goes on by itself.");
        }
    }

    // It may have been asked already, or be gone.
    private static async Task StopServer(DcpSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.Client.StopServer(cancellationToken);
            session.Client.Dispose();
        }
        catch (Exception exception)
            when (exception is HttpRequestException or ObjectDisposedException or DistributedApplicationException)
        {
            // It ends by itself when the AppHost does.
        }
    }
}
