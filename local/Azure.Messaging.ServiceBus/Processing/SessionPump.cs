namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>
/// Locks one session after the other, so many at a time, and serves each until it has no more messages. With named
/// sessions each is locked again and again.
/// </summary>
internal sealed class SessionPump : IPump
{
    private readonly ServiceBusSessionProcessor _processor;
    private readonly ServiceBusClient _client;
    private readonly ProcessorErrors _errors;
    private readonly SemaphoreSlim _turns;
    private readonly CancellationTokenSource _stopping = new();
    private Task _pumping = Task.CompletedTask;

    private SessionPump(ServiceBusSessionProcessor processor, ServiceBusClient client)
    {
        _processor = processor;
        _client = client;
        _errors = new ProcessorErrors(
            processor.FullyQualifiedNamespace,
            processor.EntityPath,
            processor.Identifier,
            processor.OnProcessErrorAsync,
            _stopping.Token
        );
        _turns = new SemaphoreSlim(processor.MaxConcurrentSessions);
    }

    public static SessionPump Start(ServiceBusSessionProcessor processor, ServiceBusClient client)
    {
        var pump = new SessionPump(processor, client);
        IEnumerable<string?> sessions =
            processor.Options.SessionIds.Count > 0
                ? processor.Options.SessionIds
                : Enumerable.Repeat<string?>(null, processor.MaxConcurrentSessions);
        pump._pumping = Task.WhenAll(sessions.Select(pump.PumpAsync).ToList());
        return pump;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _pumping.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task PumpAsync(string? sessionId)
    {
        // The caller that starts a processor does not wait for the broker.
        await Task.Yield();
        for (var failures = 0; !_stopping.IsCancellationRequested; )
        {
            try
            {
                await _turns.WaitAsync(_stopping.Token).ConfigureAwait(false);
                try
                {
                    var receiver = await AcceptAsync(sessionId).ConfigureAwait(false);
                    failures = 0;
                    await new SessionRun(_processor, receiver, _errors, IdleTimeout)
                        .RunAsync(_stopping.Token)
                        .ConfigureAwait(false);
                }
                finally
                {
                    _turns.Release();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ServiceBusException none)
                when (sessionId is null && none.Reason == ServiceBusFailureReason.ServiceTimeout)
            {
                // No session has messages; wait for one again.
            }
            catch (Exception exception)
            {
                await _errors.ReportAsync(exception, ServiceBusErrorSource.AcceptSession).ConfigureAwait(false);
                await PauseAsync(_client.Retry.DelayAfter(exception, ++failures)).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan IdleTimeout => _processor.SessionIdleTimeout ?? _client.Retry.TryTimeout;

    private Task<ServiceBusSessionReceiver> AcceptAsync(string? sessionId) =>
        ServiceBusSessionReceiver.AcceptAsync(
            _client,
            _processor.EntityPath,
            sessionId,
            new ServiceBusSessionReceiverOptions
            {
                Identifier = _processor.Identifier,
                PrefetchCount = _processor.PrefetchCount,
                ReceiveMode = _processor.ReceiveMode,
            },
            _stopping.Token
        );

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
