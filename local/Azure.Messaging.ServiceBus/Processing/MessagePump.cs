using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>
/// Keeps a link open and hands every message to a handler, so many at a time. The broker gets credit for as many
/// messages as handlers are free (and some to fetch ahead), so a message travels as soon as one can take it.
/// </summary>
internal sealed class MessagePump : IPump
{
    private readonly ServiceBusProcessor _processor;
    private readonly ServiceBusReceiver _receiver;
    private readonly ProcessorErrors _errors;
    private readonly MessageRun _run;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _crediting = new();
    private ReceiveLink? _link;
    private int _busy;
    private Task _pumping = Task.CompletedTask;

    private MessagePump(ServiceBusProcessor processor, ServiceBusReceiver receiver)
    {
        _processor = processor;
        _receiver = receiver;
        _errors = new ProcessorErrors(
            processor.FullyQualifiedNamespace,
            processor.EntityPath,
            processor.Identifier,
            processor.OnProcessErrorAsync,
            _stopping.Token
        );
        _run = new MessageRun(receiver, _errors, processor.AutoCompleteMessages);
        _free = new SemaphoreSlim(processor.MaxConcurrentCalls);
    }

    public static MessagePump Start(ServiceBusProcessor processor, ServiceBusReceiver receiver)
    {
        var pump = new MessagePump(processor, receiver);
        pump._pumping = pump.PumpAsync();
        return pump;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _pumping.WaitAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task PumpAsync()
    {
        // The caller that starts a processor does not wait for the broker.
        await Task.Yield();
        for (var failures = 0; !_stopping.IsCancellationRequested; )
        {
            try
            {
                await OpenAsync().ConfigureAwait(false);
                failures = 0;
                await HandOutAsync(_link!).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // What a retry can mend is not worth a report until it was tried as often as the options say.
                var error = AmqpErrors.From(exception, _receiver.EntityPath);
                if (_receiver.Retry.GivesUp(error, ++failures))
                {
                    await _errors.ReportAsync(error, ServiceBusErrorSource.Receive).ConfigureAwait(false);
                }

                await PauseAsync(_receiver.Retry.DelayAfter(error, failures)).ConfigureAwait(false);
            }
        }

        await GiveBackAsync().ConfigureAwait(false);
    }

    private async Task OpenAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(_receiver.Retry.TryTimeout);
        ReceiveLink link;
        try
        {
            link = await _receiver.Link.GetAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!_stopping.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The broker did not open a link within {_receiver.Retry.TryTimeout.TotalSeconds:0.#} s.",
                exception
            );
        }

        lock (_crediting)
        {
            if (link != _link)
            {
                _link = link;
            }

            link.AddCredit(
                _processor.MaxConcurrentCalls + _processor.PrefetchCount - _busy - link.Credit - link.Messages.Count
            );
        }
    }

    private async Task HandOutAsync(ReceiveLink link)
    {
        while (true)
        {
            await _free.WaitAsync(_stopping.Token).ConfigureAwait(false);
            ServiceBusReceivedMessage message;
            try
            {
                message = await link.Messages.ReadAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (System.Threading.Channels.ChannelClosedException closed)
            {
                _free.Release();
                throw closed.InnerException ?? Links.Closed(null);
            }
            catch
            {
                _free.Release();
                throw;
            }

            lock (_crediting)
            {
                _busy++;
            }

            var run = RunAsync(message);
            if (!run.IsCompleted)
            {
                _running[run] = true;
                _ = run.ContinueWith(
                    done => _running.TryRemove(done, out _),
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
            }
        }
    }

    private async Task RunAsync(ServiceBusReceivedMessage message)
    {
        // A handler that works before it first waits must not hold up the others.
        await Task.Yield();
        try
        {
            await HandleAsync(message).ConfigureAwait(false);
        }
        finally
        {
            lock (_crediting)
            {
                _busy--;
                if (!_stopping.IsCancellationRequested)
                {
                    _link?.AddCredit(1);
                }
            }

            _free.Release();
        }
    }

    private async Task HandleAsync(ServiceBusReceivedMessage message)
    {
        var args = new ProcessMessageEventArgs(message, _receiver, _processor.Identifier, _stopping.Token);
        await _run.RunAsync(
                message,
                async () =>
                {
                    await using (RenewLock(message, args).ConfigureAwait(false))
                    {
                        await _processor.OnProcessMessageAsync(args).ConfigureAwait(false);
                    }
                },
                () => args.IsSettled
            )
            .ConfigureAwait(false);
    }

    private LockRenewal RenewLock(ServiceBusReceivedMessage message, ProcessMessageEventArgs args) =>
        LockRenewal.Start(
            _receiver.ReceiveMode == ServiceBusReceiveMode.PeekLock
                ? _processor.MaxAutoLockRenewalDuration
                : TimeSpan.Zero,
            () => message.LockedUntil,
            async cancellationToken =>
            {
                if (args.IsSettled)
                {
                    return false;
                }

                await _receiver.RenewMessageLockAsync(message, cancellationToken).ConfigureAwait(false);
                return true;
            },
            async exception =>
            {
                if (args.IsSettled)
                {
                    return;
                }

                await _errors.ReportAsync(exception, ServiceBusErrorSource.RenewLock).ConfigureAwait(false);
                if (exception is ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost })
                {
                    await _errors
                        .TryAsync(
                            () => args.OnMessageLockLostAsync(new MessageLockLostEventArgs(message, exception)),
                            ServiceBusErrorSource.RenewLock
                        )
                        .ConfigureAwait(false);
                }
            }
        );

    private async Task GiveBackAsync()
    {
        if (_receiver.Link.Current is not { } link)
        {
            return;
        }

        await link.DrainAsync().ConfigureAwait(false);
        await link.ReleaseAsync().ConfigureAwait(false);
    }

    private async Task PauseAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped; the loop sees it.
        }
    }
}
