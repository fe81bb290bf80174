using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Follows what DCP says about processes, and what they print.</summary>
internal sealed class DcpWatcher(
    DcpAccess access,
    Instances instances,
    InstanceStates states,
    ResourceLoggerService logs,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DcpWatcher> logger
)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private const int Retries = 10;

    public async Task Run(CancellationToken cancellationToken)
    {
        var reading = new List<Task>();
        try
        {
            for (var failures = 0; failures < Retries; failures++)
            {
                try
                {
                    await foreach (
                        var change in access.Client.Watch<DcpExecutable>(DcpExecutable.Plural, cancellationToken)
                    )
                    {
                        failures = 0;
                        await Handle(change, reading, cancellationToken);
                    }
                }
                catch (Exception exception)
                    when (exception is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested
                    )
                {
                    logger.LogDebug(exception, "The watch on DCP broke off.");
                }

                await Task.Delay(RetryDelay, time, cancellationToken);
            }

            logger.LogCritical(
                "Aspire's engine (DCP) does not answer any more, so nothing can be started or stopped; start the AppHost again."
            );
            lifetime.StopApplication();
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(reading);
        }
    }

    private async Task Handle(
        DcpWatchEvent<DcpExecutable> change,
        List<Task> reading,
        CancellationToken cancellationToken
    )
    {
        var item = change.Object;
        if (
            change.Type is "DELETED"
            || instances.Find(item.Metadata.Name) is not { } instance
            || instance.Replaced.ContainsKey(item.Metadata.Uid ?? "")
        )
        {
            return;
        }

        if (item.Status?.State is { Length: > 0 } state && instance.LoggedUid != item.Metadata.Uid)
        {
            instance.LoggedUid = item.Metadata.Uid;
            reading.RemoveAll(task => task.IsCompleted);
            if (state == DcpState.FailedToStart)
            {
                await Explain(instance, cancellationToken);
            }
            else
            {
                reading.Add(Read(instance, "stdout", isError: false, cancellationToken));
                reading.Add(Read(instance, "stderr", isError: true, cancellationToken));
            }
        }

        await states.Apply(item, cancellationToken);
    }

    private async Task Read(Instance instance, string source, bool isError, CancellationToken cancellationToken)
    {
        var log = logs.LogOf(instance.Name);
        try
        {
            await foreach (var line in access.Client.Logs(instance.Name, source, true, cancellationToken))
            {
                log.Add(line, isError);
            }
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or DistributedApplicationException)
        {
            logger.LogDebug(exception, "The log of {Instance} broke off.", instance.Name);
        }
    }

    // Why a process could not be started is known to DCP only.
    private async Task Explain(Instance instance, CancellationToken cancellationToken)
    {
        var log = logs.LogOf(instance.Name);
        await foreach (var line in access.Client.Logs(instance.Name, "system", false, cancellationToken))
        {
            log.Add(line, isError: true);
        }

        logger.LogError("Resource '{Resource}' failed to start; its log says why.", instance.Resource.Name);
    }
}
