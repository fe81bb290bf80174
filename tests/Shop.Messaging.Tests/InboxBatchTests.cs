using System.Diagnostics;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>Messages that wait for each other share a transaction; that must change nothing but the number of commits.</summary>
public sealed class InboxBatchTests(InfrastructureFixture databases, BusFixture bus)
{
    private const int Count = 20;

    private readonly TaskCompletionSource _first = new();

    [Fact]
    public async Task Messages_that_arrive_while_a_transaction_runs_share_the_next_one()
    {
        await using var module = await StartWithFirstHeldUpAsync();

        _first.SetResult();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(Count + 1, (await module.EntriesAsync()).Length);
        Assert.Equal(2, await CountTransactionsAsync(module));
        Assert.Equal(2 * (Count + 1), await module.CountAsync("inbox_messages"));
    }

    [Fact]
    public async Task One_that_fails_takes_no_other_with_it()
    {
        await using var module = await StartWithFirstHeldUpAsync(turn =>
        {
            turn.Note($"ping {turn.Message.Number}");
            return turn.Message.Number == 7
                ? throw new MessageRejectedException("NotToday", "Seven is closed.")
                : Task.CompletedTask;
        });

        _first.SetResult();
        var letter = await module.DeadLetterAsync(bus);
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal("NotToday", letter.Reason);
        var entries = await module.EntriesAsync();
        Assert.Equal(Count, entries.Length);
        Assert.Distinct(entries);
        Assert.DoesNotContain("ping 7", entries);
    }

    [Fact]
    public async Task Each_handler_runs_in_the_trace_of_its_own_message()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var module = await StartWithFirstHeldUpAsync(turn =>
        {
            var own = Equals(Activity.Current?.GetTagItem("messaging.message.id"), turn.Context.MessageId);
            turn.Note($"{turn.Message.Number} {(own ? "own" : "another's")}");
            return Task.CompletedTask;
        });

        _first.SetResult();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(
            Count,
            (await module.EntriesAsync()).Count(entry => entry.EndsWith(" own", StringComparison.Ordinal))
        );
    }

    // Number 0 is being handled, and all others have been delivered and wait.
    private async Task<Module> StartWithFirstHeldUpAsync(Func<Turn, Task>? others = null)
    {
        var module = await Module.CreateAsync(
            databases,
            bus,
            settings: Module.Patient with
            {
                InboxBatchLimit = TimeSpan.FromMinutes(1),
            },
            transport: Transport.InProcess
        );
        var plain = others ?? module.Script.OnPing;
        var begun = new TaskCompletionSource();
        module.Script.OnPing = async turn =>
        {
            if (turn.Message.Number > 0)
            {
                await plain(turn);
                return;
            }

            begun.TrySetResult();
            await _first.Task.WaitAsync(turn.Cancel);
            turn.Note("the first");
        };
        await module.StartAsync();
        await module.SendAsync(0);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await module.SendAsync(Enumerable.Range(1, Count).ToArray());
        await Eventually.GetAsync(
            "deliveries",
            () =>
                module.QueryAsync(
                    "SELECT count(*)::int FROM queue_messages WHERE deliveries = 1",
                    row => row.GetInt32(0)
                ),
            delivered => delivered == Count + 1
        );
        return module;
    }

    private static Task<int> CountTransactionsAsync(Module module) =>
        module.QueryAsync("""SELECT count(DISTINCT xmin::text)::int FROM "Entries" """, row => row.GetInt32(0));
}
