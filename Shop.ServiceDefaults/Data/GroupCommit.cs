using System.Diagnostics;

namespace Shop.ServiceDefaults.Data;

/// <summary>What has turns, each of which takes what many have left, keeps this pace.</summary>
public static class GroupCommit
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long to rest after a turn that was not full: as long as it took, a moment at most. Where the machine is busy, fewer
    /// and larger ones leave more of it to everybody.
    /// </summary>
    /// <param name="took">How long the turn took.</param>
    public static TimeSpan RestAfter(TimeSpan took) => took < LongestRest ? took : LongestRest;
}

/// <summary>
/// Group commit. While one transaction runs, what arrives waits, and then shares the next one: under load one commit serves
/// many, and without load nobody waits. After each it rests (<see cref="GroupCommit.RestAfter"/>), unless more wait than it could
/// take. There is one such transaction at a time, so that two of a process cannot lock each other's rows.
/// </summary>
/// <typeparam name="TItem">What is done.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
/// <param name="commit">Does all of them in one transaction, or none; the results are in the order of the items.</param>
/// <param name="limit">The most items of one transaction.</param>
public sealed class GroupCommit<TItem, TResult>(
    Func<IReadOnlyList<TItem>, CancellationToken, Task<TResult[]>> commit,
    int limit
)
    where TResult : struct
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _running;
    private long _ended;
    private TimeSpan _rest;

    /// <summary>Does it in the next transaction, together with others if there are any.</summary>
    /// <param name="item">What is done.</param>
    /// <param name="cancellationToken">Ends the transaction if this item happens to be the first of it.</param>
    /// <returns>
    /// Its result; null if nothing was changed because the transaction failed or took too long: then the item has to be done
    /// alone, since any of the others may have been the reason. When there were no others, the exception is thrown.
    /// </returns>
    public async Task<TResult?> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        var own = new Waiting(item);
        if (!Begin(own) && await own.Turn.Task is { } outcome)
        {
            return outcome.Result;
        }

        // Its turn: it takes the others along, and at the end hands over to whoever came meanwhile.
        await RestAsync();
        var batch = Take(own);
        var begun = Stopwatch.GetTimestamp();
        var results = Enumerable.Repeat<TResult?>(null, batch.Count).ToArray();
        try
        {
            var done = await commit(batch.ConvertAll(waiting => waiting.Item), cancellationToken);
            results = Array.ConvertAll(done, result => (TResult?)result);
        }
        catch (Exception exception)
            when (batch.Count > 1
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // Whatever it was, the transaction is rolled back, and each is tried again alone, where its own failure shows.
        }
        finally
        {
            for (var i = 1; i < batch.Count; i++)
            {
                batch[i].Turn.SetResult(new Outcome(results[i]));
            }

            _ended = Stopwatch.GetTimestamp();
            _rest =
                batch.Count < limit ? GroupCommit.RestAfter(Stopwatch.GetElapsedTime(begun, _ended)) : TimeSpan.Zero;
            HandOver();
        }

        return results[0];
    }

    /// <summary>
    /// Does it in the next transaction, and in one of its own if that failed, so that one bad item takes nobody down with it.
    /// </summary>
    /// <param name="item">What is done.</param>
    /// <param name="cancellationToken">Ends its own transaction, or the one of which it happens to be the first.</param>
    /// <returns>Its result. Its own failure is thrown.</returns>
    public async Task<TResult> RunOrRunAloneAsync(TItem item, CancellationToken cancellationToken) =>
        await RunAsync(item, cancellationToken) ?? (await commit([item], cancellationToken))[0];

    private async Task RestAsync()
    {
        if (_rest - Stopwatch.GetElapsedTime(_ended) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left);
        }
        else
        {
            // Items that come at the same moment share the transaction of the first.
            await Task.Yield();
        }
    }

    private bool Begin(Waiting own)
    {
        lock (_lock)
        {
            if (!_running)
            {
                return _running = true;
            }

            _waiting.Enqueue(own);
            return false;
        }
    }

    private List<Waiting> Take(Waiting own)
    {
        var batch = new List<Waiting> { own };
        lock (_lock)
        {
            while (batch.Count < limit && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }
        }

        return batch;
    }

    private void HandOver()
    {
        Waiting? next;
        lock (_lock)
        {
            _running = _waiting.TryDequeue(out next);
        }

        next?.Turn.SetResult(null);
    }

    /// <param name="Result">What <see cref="RunAsync"/> returns.</param>
    private sealed record Outcome(TResult? Result);

    private sealed record Waiting(TItem Item)
    {
        /// <summary>The outcome when another one took this along; null when it is its turn to take others along.</summary>
        public TaskCompletionSource<Outcome?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
