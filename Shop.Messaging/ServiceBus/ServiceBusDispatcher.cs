using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>
/// Receives from the context's queue and settles each message as its handling says. A message is completed after its handlers'
/// transactions are committed, so a crash in between delivers it again, and the inbox then knows it.
/// </summary>
/// <remarks>
/// It receives in batches and renews locks with one timer, because the SDK's processor, which starts several tasks for each
/// message, costs a tenth of the shop's throughput; see docs/decisions/0011.
/// </remarks>
internal sealed partial class ServiceBusDispatcher<TContext>(
    ServiceBusClient client,
    MessagingContext<TContext> context,
    MessageHandling<TContext> handling,
    ITransport transport,
    TimeProvider time,
    MessagingSettings settings,
    ILogger<ServiceBusDispatcher<TContext>> logger
) : BackgroundService
    where TContext : DbContext
{
    // Returns prefetched messages only. The SDK refuses zero.
    private static readonly TimeSpan NoWait = TimeSpan.FromTicks(1);

    private readonly ServiceBusReceiver _receiver = client.CreateReceiver(
        context.Name,
        new ServiceBusReceiverOptions { PrefetchCount = settings.Concurrency }
    );
    private readonly ConcurrentDictionary<ServiceBusReceivedMessage, bool> _atWork = new();
    private readonly SemaphoreSlim _free = new(settings.Concurrency, settings.Concurrency);

    // Handlers may finish when the service stops, within a limit.
    private readonly CancellationTokenSource _stopped = new();
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        using var renewal = time.CreateTimer(_ => RenewLocks(), null, settings.LockCheck, settings.LockCheck);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReceiveAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (ServiceBusException answer)
            {
                // What the bus itself says (gone for now, lock lost) needs no stack trace.
                LogBusAnswered(answer.Reason, context.Name);
                await PauseAsync(settings.RedeliveryPause, stoppingToken);
            }
            catch (Exception exception)
            {
                LogBusFailed(exception, context.Name);
                await PauseAsync(settings.RedeliveryPause, stoppingToken);
            }
        }

        _stopped.CancelAfter(settings.StopLimit);
        for (var call = 0; call < settings.Concurrency; call++)
            await _free.WaitAsync(CancellationToken.None);
        // Releases prefetched messages. If the bus does not answer, it delivers them again when their locks end.
        using var close = new CancellationTokenSource(settings.CloseLimit);
        await _receiver.CloseAsync(close.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _stopped.Dispose();
        _free.Dispose();
        base.Dispose();
    }

    /// <summary>Waits for a message, and hands it to its handlers with those that have come with it.</summary>
    private async Task ReceiveAsync(CancellationToken stopping)
    {
        await _free.WaitAsync(stopping);
        var first = await ReceiveFirstAsync(stopping);
        if (first is null)
            return;
        var messages = new List<ServiceBusReceivedMessage> { first };
        try
        {
            // Asked for several messages at first, the SDK would wait for more than one; an idle system adds no delay.
            if (_free.CurrentCount is > 0 and var free)
                messages.AddRange(await _receiver.ReceiveMessagesAsync(free, NoWait, stopping));
        }
        finally
        {
            // Together, so that they can share a transaction.
            for (var i = 1; i < messages.Count; i++)
                await _free.WaitAsync(CancellationToken.None);
            messages.ForEach(Handle);
        }
    }

    private async Task<ServiceBusReceivedMessage?> ReceiveFirstAsync(CancellationToken stopping)
    {
        ServiceBusReceivedMessage? message = null;
        try
        {
            message = await _receiver.ReceiveMessageAsync(cancellationToken: stopping);
            return message;
        }
        finally
        {
            if (message is null)
                _free.Release();
        }
    }

    private void Handle(ServiceBusReceivedMessage message)
    {
        _atWork.TryAdd(message, true);
        _ = HandleAsync(message);
    }

    private async Task HandleAsync(ServiceBusReceivedMessage message)
    {
        try
        {
            await HandleAndSettleAsync(message);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The service has stopped; the message comes again.
        }
        catch (ServiceBusException answer)
        {
            LogBusAnswered(answer.Reason, context.Name);
        }
        catch (Exception exception)
        {
            LogBusFailed(exception, context.Name);
        }
        finally
        {
            _atWork.TryRemove(message, out _);
            _free.Release();
        }
    }

    private async Task HandleAndSettleAsync(ServiceBusReceivedMessage received)
    {
        var message = Envelope.Read(received);
        using var delivery = DeliveryScope.Begin(
            logger,
            transport.System,
            context.Name,
            message,
            Envelope.ReadTrace(received)
        );

        var settlement = await handling.HandleAsync(message, received.Body.ToMemory(), _stopped.Token);
        switch (settlement)
        {
            case Settlement.DeadLetter letter:
                await _receiver.DeadLetterMessageAsync(received, letter.Reason, letter.Description, _stopped.Token);
                break;
            case Settlement.Retry:
                // The bus gives an abandoned message back at once, so the pause between deliveries is made before. A service
                // that stops does not wait for its end.
                var pause = Backoff.After(message.DeliveryCount, settings.RedeliveryPause, settings.MaxRedeliveryPause);
                await PauseAsync(pause, _stopping);
                await _receiver.AbandonMessageAsync(received, cancellationToken: _stopped.Token);
                break;
            default:
                await _receiver.CompleteMessageAsync(received, _stopped.Token);
                break;
        }
    }

    /// <summary>Renews the locks that would end before the check after the next.</summary>
    private void RenewLocks()
    {
        var soon = time.GetUtcNow() + (2 * settings.LockCheck);
        foreach (var message in _atWork.Keys.Where(message => message.LockedUntil <= soon))
            _ = RenewAsync(message);
    }

    private async Task RenewAsync(ServiceBusReceivedMessage message)
    {
        try
        {
            await _receiver.RenewMessageLockAsync(message, _stopped.Token);
        }
        catch (Exception exception) when (!_atWork.ContainsKey(message) || _stopped.IsCancellationRequested)
        {
            LogRenewedTooLate(exception.Message, context.Name);
        }
        catch (ServiceBusException answer)
        {
            LogBusAnswered(answer.Reason, context.Name);
        }
        catch (Exception exception)
        {
            LogBusFailed(exception, context.Name);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken end) =>
        await Task.Delay(pause, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(
        LogLevel.Warning,
        "The bus answered {Reason} on {Queue}; the message comes again, or the dispatcher tries again"
    )]
    private partial void LogBusAnswered(ServiceBusFailureReason reason, string queue);

    [LoggerMessage(LogLevel.Warning, "The bus failed on {Queue}; the dispatcher tries again")]
    private partial void LogBusFailed(Exception exception, string queue);

    [LoggerMessage(LogLevel.Debug, "A lock on {Queue} was not renewed, as its message was settled meanwhile: {Error}")]
    private partial void LogRenewedTooLate(string error, string queue);
}
