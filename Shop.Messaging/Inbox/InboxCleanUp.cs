using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>Forgets messages that cannot come again, a batch at a time, so that the inbox does not grow for ever.</summary>
internal sealed partial class InboxCleanUp<TContext>(
    IServiceScopeFactory scopes,
    MessagingSettings settings,
    TimeProvider time,
    ILogger<InboxCleanUp<TContext>> logger
) : BackgroundService
    where TContext : DbContext
{
    private const int Batch = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.InboxCleanUpInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryCleanUpAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    /// <returns>How many entries were removed.</returns>
    internal async Task<int> CleanUpAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        int removed;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            removed = await scope
                .ServiceProvider.GetRequiredService<TContext>()
                .Database.ExecuteSqlAsync(
                    $"""
                    DELETE FROM inbox_messages
                    WHERE ctid = ANY (ARRAY(
                        SELECT ctid
                        FROM inbox_messages
                        WHERE received_at < now() - {settings.InboxAge}
                        LIMIT {Batch}
                        FOR UPDATE SKIP LOCKED))
                    """,
                    cancellationToken
                );
            total += removed;
        } while (removed == Batch);
        return total;
    }

    private async Task TryCleanUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CleanUpAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old inbox entries could not be removed; the next round tries again")]
    private partial void LogFailed(Exception exception);
}
