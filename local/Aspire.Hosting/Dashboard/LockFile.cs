namespace Aspire.Hosting.Dashboard;

/// <summary>Keeps other processes out while it is held; the system gives it up when the process dies.</summary>
internal static class LockFile
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until no other process holds the lock; dispose the result to give it up.</summary>
    /// <param name="path">The lock's file.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="DistributedApplicationException">The limit has passed.</exception>
    public static async Task<IAsyncDisposable> AcquireAsync(string path, TimeSpan limit, CancellationToken ct)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        waiting.CancelAfter(limit);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            // An UnauthorizedAccessException is not caught: it does not go away by waiting.
            catch (IOException)
            {
                await WaitAsync(path, limit, waiting.Token, ct);
            }
        }
    }

    private static async Task WaitAsync(string path, TimeSpan limit, CancellationToken waiting, CancellationToken ct)
    {
        try
        {
            await Task.Delay(RetryEvery, waiting);
        }
        catch (OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            throw new DistributedApplicationException(
                $"Another process has held '{path}' for {limit.TotalMinutes} minutes; end it and try again."
            );
        }
    }
}
