using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults.Data;

namespace Shop.Messaging;

/// <summary>
/// Brings a context's outbox to the transport: woken by each commit, with a poll as the safety net. It runs in every replica. A row
/// is deleted after it was sent, so a crash in between sends it twice, with the same message id; never not at all.
/// </summary>
internal sealed partial class OutboxRelay<TContext>(
    MessagingContext<TContext> context,
    OutboxStore<TContext> store,
    IOutboxSender sender,
    OutboxLag<TContext> lag,
    MessagingSettings settings,
    TimeProvider time,
    ILogger<OutboxRelay<TContext>> logger
) : BackgroundService
    where TContext : DbContext
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            var relayed = await TryRelayAsync(stoppingToken);
            var took = time.GetElapsedTime(begun);
            failures = relayed is null ? failures + 1 : 0;
            try
            {
                if (relayed is null)
                {
                    // Commits do not wake it now: what does not answer shall not be asked more often under load.
                    await Task.Delay(Backoff.After(failures, FirstPause, settings.MaxRelayPause), stoppingToken);
                }
                else if (relayed < settings.OutboxBatch)
                {
                    await context.Signal.WaitAsync(settings.OutboxPoll, stoppingToken);
                    await KeepPaceAsync(begun, took, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Whoever commits while nothing is going on is served at once. Under load it rests after a round, so that the next one
    /// takes what many commits have left, instead of a round for each.
    /// </summary>
    private Task KeepPaceAsync(long begun, TimeSpan took, CancellationToken stoppingToken)
    {
        var whole = took + GroupCommit.RestAfter(took);
        var pace = settings.RelayPace > whole ? settings.RelayPace : whole;
        var left = pace - time.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? Task.Delay(left, time, stoppingToken) : Task.CompletedTask;
    }

    /// <summary>Relays one batch. What has been begun is finished within its limit also when the service stops.</summary>
    /// <returns>How many rows were taken, or null if the database or the transport did not do its part.</returns>
    internal async Task<int?> TryRelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var round = await store.BeginAsync(cancellationToken);
            var sent = await Task.WhenAll(
                round
                    .Messages.GroupBy(message => message.Destination, StringComparer.Ordinal)
                    .Select(group => SendAsync(group.Key, [.. group]))
            );
            var isSent = sent.SelectMany(ids => ids).ToHashSet();
            Guid[] unsent = [.. round.Messages.Select(message => message.Id).Where(id => !isSent.Contains(id))];
            using var limit = new CancellationTokenSource(settings.SendLimit);
            await round.EndAsync([.. isSent], unsent, limit.Token);
            await lag.MeasureAsync(limit.Token);
            return unsent.Length == 0 ? round.Messages.Count : null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception)
        {
            // Whatever it is, the rows are safe, and giving up would be worse than trying again.
            LogRelayFailed(exception, context.Name);
            return null;
        }
    }

    /// <returns>The ids of what the transport has taken.</returns>
    private async Task<IReadOnlyList<Guid>> SendAsync(string destination, IReadOnlyList<OutboxMessage> messages)
    {
        var sent = new List<Guid>(messages.Count);
        var tag = KeyValuePair.Create("messaging.destination.name", (object?)destination);
        try
        {
            using var limit = new CancellationTokenSource(settings.SendLimit);
            await sender.SendAsync(destination, context.Source, messages, sent, limit.Token);
        }
        catch (Exception exception)
        {
            LogSendFailed(exception, context.Name, messages.Count - sent.Count, destination);
        }

        MessagingTelemetry.Sent.Add(sent.Count, tag);
        // Zero, too: a counter that appears with its first failure has no rate for it.
        MessagingTelemetry.SendFailures.Add(messages.Count - sent.Count, tag);
        return sent;
    }

    [LoggerMessage(LogLevel.Error, "The outbox of {Context} could not be relayed; it is tried again")]
    private partial void LogRelayFailed(Exception exception, string context);

    [LoggerMessage(
        LogLevel.Error,
        "{Count} messages of {Context} could not be sent to {Destination}; they stay in the outbox and are tried again"
    )]
    private partial void LogSendFailed(Exception exception, string context, int count, string destination);
}
