using Microsoft.Extensions.Options;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>
/// Works off what is due on one way: woken at commit, with a poll as the safety net. Attempts run side by side up to a limit.
/// Each way has a lane of its own, so that a mail server that does not answer holds up no push message.
/// </summary>
internal sealed partial class SenderLane(
    Channel channel,
    DeliveryAttempt attempt,
    NotificationMetrics metrics,
    SenderSignals signals,
    IServiceScopeFactory scopes,
    IOptions<NotificationsOptions> options,
    ILogger logger
)
{
    // For the end, when all of them are waited for; the number in use is counted apart, as it goes down in many threads.
    private readonly HashSet<Task> _running = [];
    private int _inUse;

    /// <summary>Starts what is due, as far as there is room; returns when it is over.</summary>
    /// <returns>How many were started.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var started = await StartDueAsync(cancellationToken);
        await Task.WhenAll(_running);
        return started;
    }

    /// <summary>Does so until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await StartDueSafelyAsync(stoppingToken);
                await signals.WaitAsync(channel, options.Value.PollInterval, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_running);
        }
    }

    private async Task StartDueSafelyAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartDueAsync(stoppingToken);
            if (channel == Channel.Undecided)
            {
                await metrics.MeasureAsync(stoppingToken);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotLookedFor(logger, exception, channel, options.Value.PollInterval);
        }
    }

    private async Task<int> StartDueAsync(CancellationToken cancellationToken)
    {
        _running.RemoveWhere(task => task.IsCompleted);
        var room = options.Value.MaxConcurrency - Volatile.Read(ref _inUse);
        if (room == 0)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var claims = scope.ServiceProvider.GetRequiredService<NotificationClaims>();
        var taken = await claims.TakeAsync(channel, room, cancellationToken);
        if (taken.Count == 0)
        {
            return 0;
        }

        var recipients = await claims.RecipientsOfAsync(taken, cancellationToken);
        foreach (var notification in taken)
        {
            Interlocked.Increment(ref _inUse);
            _running.Add(RunAsync(notification, recipients.GetValueOrDefault(notification.UserId), cancellationToken));
        }

        return taken.Count;
    }

    private async Task RunAsync(Notification taken, Recipient? recipient, CancellationToken cancellationToken)
    {
        try
        {
            if (channel == Channel.Undecided)
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope
                    .ServiceProvider.GetRequiredService<RecipientSearch>()
                    .RunAsync(taken, recipient, cancellationToken);
            }
            else
            {
                await attempt.RunAsync(taken, recipient, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            // Its outcome could not be stored. The lease ends, and then it is taken again.
            Log.NotFinished(logger, exception, taken.Attempts, taken.Id);
        }
        finally
        {
            // Whoever frees the first place after it was full says so: more may be due.
            if (Interlocked.Decrement(ref _inUse) == options.Value.MaxConcurrency - 1)
            {
                signals.Wake(channel);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "Due notifications ({Channel}) could not be looked for; it is tried again in {Interval}"
        )]
        public static partial void NotLookedFor(
            ILogger logger,
            Exception exception,
            Channel channel,
            TimeSpan interval
        );

        [LoggerMessage(LogLevel.Error, "Attempt {Attempt} for notification {NotificationId} could not be finished")]
        public static partial void NotFinished(ILogger logger, Exception exception, int attempt, Guid notificationId);
    }
}
