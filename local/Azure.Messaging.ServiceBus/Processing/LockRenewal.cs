namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>Renews a lock while handlers run, up to the processor's limit. Disposing ends it.</summary>
internal sealed class LockRenewal : IAsyncDisposable
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _done = new();
    private Task _renewing = Task.CompletedTask;

    private LockRenewal() { }

    /// <param name="longest">For how long; not at all when zero.</param>
    /// <param name="lockedUntil">When the lock ends unless it is renewed.</param>
    /// <param name="renewAsync">Renews it; false when there is no lock any more, and none is needed.</param>
    /// <param name="onFailureAsync">Is told why it could not be renewed.</param>
    public static LockRenewal Start(
        TimeSpan longest,
        Func<DateTimeOffset> lockedUntil,
        Func<CancellationToken, Task<bool>> renewAsync,
        Func<Exception, Task> onFailureAsync
    )
    {
        var renewal = new LockRenewal();
        if (longest != TimeSpan.Zero)
        {
            renewal._renewing = renewal.RunAsync(longest, lockedUntil, renewAsync, onFailureAsync);
        }

        return renewal;
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        _done.Dispose();
    }

    private async Task RunAsync(
        TimeSpan longest,
        Func<DateTimeOffset> lockedUntil,
        Func<CancellationToken, Task<bool>> renewAsync,
        Func<Exception, Task> onFailureAsync
    )
    {
        var until =
            longest == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : TimeProvider.System.GetUtcNow() + longest;
        try
        {
            do
            {
                var left = lockedUntil() - TimeProvider.System.GetUtcNow();
                var margin = left / 2 < LongestMargin ? left / 2 : LongestMargin;
                if (TimeProvider.System.GetUtcNow() + left - margin > until)
                {
                    return;
                }

                if (left > margin)
                {
                    // Nearly always the handlers are done before, and an exception each time would cost more than all the rest.
                    await Task.Delay(left - margin, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    if (_done.IsCancellationRequested)
                    {
                        return;
                    }
                }
            } while (await renewAsync(_done.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_done.IsCancellationRequested)
        {
            // The handlers are done; there is nothing left to lock.
        }
        catch (Exception exception)
        {
            await onFailureAsync(exception).ConfigureAwait(false);
        }
    }
}
