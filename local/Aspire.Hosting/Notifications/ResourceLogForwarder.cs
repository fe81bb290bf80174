using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Writes the resources' logs to the AppHost's log.</summary>
internal sealed class ResourceLogForwarder(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IHostEnvironment environment,
    ILoggerFactory loggers
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var forwarding = new Dictionary<string, Task>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (!forwarding.ContainsKey(change.ResourceId))
                {
                    forwarding[change.ResourceId] = Forward(change.ResourceId, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(forwarding.Values);
        }
    }

    private async Task Forward(string id, CancellationToken stoppingToken)
    {
        var logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{id}");
        try
        {
            await foreach (var batch in logs.WatchAsync(id).WithCancellation(stoppingToken))
            {
                foreach (var line in batch)
                {
                    logger.Log(
                        line.IsErrorMessage ? LogLevel.Error : LogLevel.Information,
                        "{LineNumber}: {Content}",
                        line.LineNumber,
                        line.Content
                    );
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
    }
}
