namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>Renews the lock of a message while its handler runs, up to the processor's limit.</summary>
internal sealed class LockRenewal : IAsyncDisposable
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _handled = new();
    private Task _renewing = Task.CompletedTask;

    private LockRenewal() { }

    public static LockRenewal Start(
        MessageRun run,
        ServiceBusProcessor processor,
        ServiceBusReceiver receiver,
        ProcessMessageEventArgs args
    )
    {
        var renewal = new LockRenewal();
        if (
            receiver.ReceiveMode == ServiceBusReceiveMode.PeekLock
            && processor.MaxAutoLockRenewalDuration != TimeSpan.Zero
        )
        {
            renewal._renewing = renewal.RenewAsync(run, processor.MaxAutoLockRenewalDuration, receiver, args);
        }

        return renewal;
    }

    public async ValueTask DisposeAsync()
    {
        await _handled.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        _handled.Dispose();
    }

    private async Task RenewAsync(
        MessageRun run,
        TimeSpan longest,
        ServiceBusReceiver receiver,
        ProcessMessageEventArgs args
    )
    {
        var message = args.Message;
        var until =
            longest == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : TimeProvider.System.GetUtcNow() + longest;
        try
        {
            while (true)
            {
                var left = message.LockedUntil - TimeProvider.System.GetUtcNow();
                var margin = left / 2 < LongestMargin ? left / 2 : LongestMargin;
                var due = TimeProvider.System.GetUtcNow() + left - margin;
                if (due > until)
                {
                    return;
                }

                if (left > margin)
                {
                    await Task.Delay(left - margin, _handled.Token).ConfigureAwait(false);
                }

                if (!args.IsSettled)
                {
                    await receiver.RenewMessageLockAsync(message, _handled.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_handled.IsCancellationRequested)
        {
            // The handler is done; there is nothing left to lock.
        }
        catch (Exception exception)
        {
            if (args.IsSettled)
            {
                return;
            }

            await run.ReportAsync(exception, ServiceBusErrorSource.RenewLock).ConfigureAwait(false);
            if (exception is ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost })
            {
                await args.OnMessageLockLostAsync(new MessageLockLostEventArgs(message, exception))
                    .ConfigureAwait(false);
            }
        }
    }
}
