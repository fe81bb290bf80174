using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>One session from its lock to its release.</summary>
internal sealed class SessionRun(
    ServiceBusSessionProcessor processor,
    ServiceBusSessionReceiver receiver,
    ProcessorErrors errors,
    TimeSpan idleTimeout
)
{
    private readonly MessageRun _run = new(receiver, errors, processor.AutoCompleteMessages);
    private readonly ConcurrentDictionary<ProcessSessionMessageEventArgs, bool> _handling = new();

    /// <summary>Handles the session's messages until none comes, or the session is lost or released. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using (RenewLock(ending).ConfigureAwait(false))
        {
            await errors
                .TryAsync(
                    () => processor.OnSessionInitializingAsync(Args(ending.Token)),
                    ServiceBusErrorSource.AcceptSession
                )
                .ConfigureAwait(false);
            await Task.WhenAll(
                    Enumerable
                        .Range(0, processor.MaxConcurrentCallsPerSession)
                        .Select(_ => HandleAllAsync(ending.Token))
                )
                .ConfigureAwait(false);
            await errors
                .TryAsync(() => processor.OnSessionClosingAsync(Args(ending.Token)), ServiceBusErrorSource.CloseSession)
                .ConfigureAwait(false);
        }

        await errors
            .TryAsync(() => receiver.CloseAsync(CancellationToken.None), ServiceBusErrorSource.CloseSession)
            .ConfigureAwait(false);
    }

    private ProcessSessionEventArgs Args(CancellationToken cancellationToken) =>
        new(receiver, processor.Identifier, cancellationToken);

    private async Task HandleAllAsync(CancellationToken ending)
    {
        using var receiving = CancellationTokenSource.CreateLinkedTokenSource(ending, receiver.Released.Token);
        try
        {
            while (
                await receiver.ReceiveMessageAsync(idleTimeout, receiving.Token).ConfigureAwait(false) is { } message
            )
            {
                var args = new ProcessSessionMessageEventArgs(message, receiver, processor.Identifier, ending);
                _handling[args] = true;
                await _run.RunAsync(message, () => processor.OnProcessSessionMessageAsync(args), () => args.IsSettled)
                    .ConfigureAwait(false);
                _handling.TryRemove(args, out _);
            }
        }
        catch (OperationCanceledException) when (receiving.IsCancellationRequested)
        {
            // Released, or the processor stops, or the session is lost, which was reported.
        }
        catch (Exception exception)
        {
            await errors.ReportAsync(exception, ServiceBusErrorSource.Receive).ConfigureAwait(false);
        }
    }

    private LockRenewal RenewLock(CancellationTokenSource ending) =>
        LockRenewal.Start(
            processor.MaxAutoLockRenewalDuration,
            () => receiver.SessionLockedUntil,
            async cancellationToken =>
            {
                if (receiver.IsClosed)
                {
                    throw SessionLock.Lost();
                }

                await receiver.RenewSessionLockAsync(cancellationToken).ConfigureAwait(false);
                return true;
            },
            async exception =>
            {
                await errors.ReportAsync(exception, ServiceBusErrorSource.RenewLock).ConfigureAwait(false);
                if (exception is not ServiceBusException { Reason: ServiceBusFailureReason.SessionLockLost })
                {
                    return;
                }

                await ending.CancelAsync().ConfigureAwait(false);
                foreach (var args in _handling.Keys)
                {
                    var lost = new SessionLockLostEventArgs(args.Message, receiver.SessionLockedUntil, exception);
                    await errors
                        .TryAsync(() => args.OnSessionLockLostAsync(lost), ServiceBusErrorSource.RenewLock)
                        .ConfigureAwait(false);
                }
            }
        );
}
