using System.Collections.Concurrent;
using Shop.ServiceDefaults.Data;

namespace Shop.ServiceDefaults.Tests;

/// <summary>Who shares a transaction with whom, and what comes of it when one of them is bad.</summary>
public sealed class GroupCommitTests
{
    private const int Bad = 13;

    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _first = new();
    private readonly ConcurrentQueue<int[]> _transactions = [];
    private readonly GroupCommit<int, int> _group;

    public GroupCommitTests() => _group = new(CommitAsync, limit: 4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_while_a_transaction_runs_shares_the_next_as_far_as_there_is_room()
    {
        var first = _group.RunAsync(1, Cancel);
        await _begun.Task;
        var others = Enumerable.Range(2, 5).Select(item => _group.RunAsync(item, Cancel)).ToArray();
        _first.SetResult();

        var results = await Task.WhenAll([first, .. others]);

        Assert.Equal([10, 20, 30, 40, 50, 60], results);
        Assert.Equal(
            [
                [1],
                [2, 3, 4, 5],
                [6],
            ],
            _transactions
        );
    }

    [Fact]
    public async Task What_comes_at_the_same_moment_shares_the_first_transaction()
    {
        _first.SetResult();
        var moment = new Moment();
        var former = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(moment);
        var running = Enumerable.Range(1, 3).Select(item => _group.RunAsync(item, Cancel)).ToArray();
        SynchronizationContext.SetSynchronizationContext(former);
        moment.End();

        await Task.WhenAll(running);

        Assert.Equal([1, 2, 3], Assert.Single(_transactions));
    }

    [Fact]
    public async Task One_bad_item_takes_nobody_down_with_it()
    {
        var first = _group.RunOrRunAloneAsync(1, Cancel);
        await _begun.Task;
        var good = _group.RunOrRunAloneAsync(2, Cancel);
        var bad = _group.RunOrRunAloneAsync(Bad, Cancel);
        var alsoGood = _group.RunOrRunAloneAsync(4, Cancel);
        _first.SetResult();

        var results = await Task.WhenAll(first, good, alsoGood);
        Assert.Equal([10, 20, 40], results);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal(
            [
                [1],
                [2, Bad, 4],
            ],
            _transactions.Take(2)
        );
        Assert.Equal(
            [
                [2],
                [4],
                [Bad],
            ],
            _transactions.Skip(2).OrderBy(items => items[0])
        );
    }

    [Fact]
    public async Task Who_shared_a_transaction_that_failed_is_told_and_who_had_it_alone_gets_the_reason()
    {
        var first = _group.RunAsync(1, Cancel);
        await _begun.Task;
        var shared = new[] { _group.RunAsync(2, Cancel), _group.RunAsync(Bad, Cancel) };
        _first.SetResult();

        Assert.Equal(10, await first);
        Assert.All(await Task.WhenAll(shared), result => Assert.Null(result));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _group.RunAsync(Bad, Cancel));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(5000, 100)]
    public void The_rest_is_as_long_as_the_turn_was_and_a_moment_at_most(int took, int rest) =>
        Assert.Equal(TimeSpan.FromMilliseconds(rest), GroupCommit.RestAfter(TimeSpan.FromMilliseconds(took)));

    private async Task<int[]> CommitAsync(IReadOnlyList<int> items, CancellationToken cancellationToken)
    {
        _transactions.Enqueue([.. items]);
        _begun.TrySetResult();
        await _first.Task.WaitAsync(cancellationToken);
        return items.Contains(Bad)
            ? throw new InvalidOperationException("It is bad.")
            : [.. items.Select(item => item * 10)];
    }

    /// <summary>What is put off until later runs when the moment ends.</summary>
    private sealed class Moment : SynchronizationContext
    {
        private readonly ConcurrentQueue<Action> _later = [];

        public override void Post(SendOrPostCallback d, object? state) => _later.Enqueue(() => d(state));

        public void End()
        {
            while (_later.TryDequeue(out var action))
                action();
        }
    }
}
