using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Follows what DCP says about processes, and what they print as soon as somebody reads it.</summary>
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

    private readonly Lock _gate = new();
    private readonly List<Task> _reading = [];

    public async Task Run(CancellationToken cancellationToken)
    {
        logs.SubscribersChanged += Read;
        logs.ReadPrinted = ReadPrinted;
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
                        await Handle(change, cancellationToken);
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
            await Task.WhenAll(ReadingNow());
        }
        finally
        {
            logs.SubscribersChanged -= Read;
        }

        void Read(LogSubscriber change)
        {
            if (instances.Find(change.Name) is { } instance)
            {
                ReadIfWatched(instance, cancellationToken);
            }
        }
    }

    private async Task Handle(DcpWatchEvent<DcpExecutable> change, CancellationToken cancellationToken)
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

        if (item.Status?.State is { Length: > 0 } state && instance.PrintingUid != item.Metadata.Uid)
        {
            instance.PrintingUid = item.Metadata.Uid;
            if (state == DcpState.FailedToStart)
            {
                instance.ReadUid = item.Metadata.Uid;
                await Explain(instance, cancellationToken);
            }
            else
            {
                ReadIfWatched(instance, cancellationToken);
            }
        }

        await states.Apply(item, cancellationToken);
    }

    // What nobody reads stays with DCP: carrying each line here costs more than a service needs to write it.
    private void ReadIfWatched(Instance instance, CancellationToken cancellationToken)
    {
        var log = logs.LogOf(instance.Name);
        lock (_gate)
        {
            if (instance.PrintingUid == instance.ReadUid || cancellationToken.IsCancellationRequested || !log.IsWatched)
            {
                return;
            }

            instance.ReadUid = instance.PrintingUid;
            _reading.RemoveAll(task => task.IsCompleted);
            _reading.Add(Read(instance.Name, "stdout", true, line => log.Add(line, isError: false), cancellationToken));
            _reading.Add(Read(instance.Name, "stderr", true, line => log.Add(line, isError: true), cancellationToken));
        }
    }

    private List<Task> ReadingNow()
    {
        lock (_gate)
        {
            return [.. _reading];
        }
    }

    /// <summary>What a process has printed so far, unless it is being read anyway.</summary>
    private async Task<IReadOnlyList<(string Content, bool IsError)>> ReadPrinted(
        string name,
        CancellationToken cancellationToken
    )
    {
        var printed = new List<(string, bool)>();
        if (instances.Find(name) is { } instance && instance.PrintingUid != instance.ReadUid)
        {
            await Read(name, "stdout", false, line => printed.Add((line, false)), cancellationToken);
            await Read(name, "stderr", false, line => printed.Add((line, true)), cancellationToken);
        }

        return printed;
    }

    private async Task Read(
        string name,
        string source,
        bool follow,
        Action<string> add,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var line in access.Client.Logs(name, source, follow, cancellationToken))
            {
                add(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or DistributedApplicationException)
        {
            logger.LogDebug(exception, "The log of {Instance} broke off.", name);
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
