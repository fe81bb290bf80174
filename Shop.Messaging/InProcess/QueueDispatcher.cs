using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>
/// Receives from a context's queue, handles a number of messages at a time, and settles each as its handling says. A message
/// leaves the queue after its handlers' transactions are committed, so a crash in between delivers it again, and the inbox then
/// knows it.
/// </summary>
internal sealed partial class QueueDispatcher<TContext>(
    MessageQueue<TContext> queue,
    QueueStore<TContext> store,
    MessageHandling<TContext> handling,
    ITransport transport,
    MessagingSettings settings,
    TimeProvider time,
    ILogger<QueueDispatcher<TContext>> logger
) : BackgroundService
    where TContext : DbContext
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<Guid, Task> _handling = [];
    private readonly ConcurrentQueue<Settled> _ended = new();
    private readonly List<Settled> _settling = [];

    // Handlers may finish when the process stops, but not take for ever.
    private readonly CancellationTokenSource _stopped = new();
    private long _renewedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                failures = await TryTurnAsync(takeMore: true, stoppingToken) ? 0 : failures + 1;
                await (
                    failures == 0
                        ? queue.Signal.WaitAsync(settings.QueuePoll, stoppingToken)
                        : Task.Delay(Backoff.After(failures, FirstPause, settings.MaxRelayPause), stoppingToken)
                );
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }

        _stopped.CancelAfter(settings.StopLimit);
        await Task.WhenAll(_handling.Values);
        using var limit = new CancellationTokenSource(settings.StopLimit);
        await TryTurnAsync(takeMore: false, limit.Token);
    }

    public override void Dispose()
    {
        _stopped.Dispose();
        base.Dispose();
    }

    /// <returns>False if the database did not do its part; then nothing is forgotten and the next turn does it.</returns>
    private async Task<bool> TryTurnAsync(bool takeMore, CancellationToken cancellationToken)
    {
        while (_ended.TryDequeue(out var ended))
        {
            _settling.Add(ended);
        }

        try
        {
            var settled = _settling.ConvertAll(one => one.Id);
            var held = HeldToRenew(settled);
            var free = takeMore ? settings.Concurrency - _handling.Count + settled.Count : 0;
            var taken = await store.TurnAsync(_settling, held, free, settings.QueueLease, cancellationToken);
            settled.ForEach(id => _handling.Remove(id));
            _settling.Clear();
            foreach (var message in taken)
            {
                _handling[message.Id] = HandleAsync(message);
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // Whatever it is, the messages are safe, and giving up would be worse than trying again.
            LogTurnFailed(exception, queue.Name);
            return false;
        }
    }

    private Guid[] HeldToRenew(List<Guid> settled)
    {
        if (_renewedAt != 0 && time.GetElapsedTime(_renewedAt) < settings.QueueLease / 3)
        {
            return [];
        }

        _renewedAt = time.GetTimestamp();
        return [.. _handling.Keys.Except(settled)];
    }

    /// <summary>Never fails: whatever happens to the message is told to the next turn.</summary>
    private async Task HandleAsync(QueuedMessage message)
    {
        var context = message.Context;
        using (DeliveryScope.Begin(logger, transport.System, queue.Name, context, message.Trace))
        {
            var settlement =
                context.DeliveryCount > settings.MaxDeliveryCount
                    ? null
                    : await handling.HandleAsync(context, message.Utf8Body, _stopped.Token);
            _ended.Enqueue(
                new Settled(message.Id, OrDeadLetter(settlement, context))
                {
                    Pause = Backoff.After(context.DeliveryCount, settings.RedeliveryPause, settings.MaxRedeliveryPause),
                }
            );
        }

        queue.Signal.Wake();
    }

    /// <summary>A message that has failed too often, or that ended the process each time, is not delivered again.</summary>
    private Settlement OrDeadLetter(Settlement? settlement, MessageContext context)
    {
        if (settlement is not (null or Settlement.Retry) || context.DeliveryCount < settings.MaxDeliveryCount)
        {
            return settlement!;
        }

        LogGivenUp(context.Type, context.MessageId, settings.MaxDeliveryCount);
        return new Settlement.DeadLetter(
            "MaxDeliveryCountExceeded",
            $"It was delivered {settings.MaxDeliveryCount} times and never handled."
        );
    }

    [LoggerMessage(LogLevel.Error, "The queue of {Context} could not be worked on; it is tried again")]
    private partial void LogTurnFailed(Exception exception, string context);

    [LoggerMessage(
        LogLevel.Error,
        "{MessageType} {MessageId} was delivered {DeliveryCount} times and becomes a dead letter"
    )]
    private partial void LogGivenUp(string messageType, string messageId, int deliveryCount);
}
