using System.Collections.Concurrent;
using System.Diagnostics;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>A handler that takes batches gets what waits at once; each message is still handled once, or fails by itself.</summary>
public sealed class BatchHandlerTests(InfrastructureFixture databases, BusFixture bus)
{
    private const int Count = 20;

    private readonly TaskCompletionSource _first = new();

    // Those that are handled alone are handled at once.
    private readonly ConcurrentQueue<int> _batches = [];

    [Fact]
    public async Task Messages_that_wait_are_handled_at_once_and_saved_in_one_transaction()
    {
        await using var module = await StartWithFirstHeldUpAsync(
            (sheet, database) => database.Add(new Entry { Text = $"sheet {sheet.Message.Number}" })
        );

        _first.SetResult();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal([Count], _batches);
        Assert.Equal(
            Enumerable.Range(1, Count).Select(number => $"sheet {number}").Append("the first").Order(),
            (await module.EntriesAsync()).Order()
        );
        Assert.Equal(
            2,
            await module.QueryAsync(
                """SELECT count(DISTINCT xmin::text)::int FROM "Entries" """,
                row => row.GetInt32(0)
            )
        );
    }

    [Fact]
    public async Task One_that_fails_has_the_others_handled_alone()
    {
        await using var module = await StartWithFirstHeldUpAsync(
            (sheet, database) =>
            {
                database.Add(new Entry { Text = $"sheet {sheet.Message.Number}" });
                if (sheet.Message.Number == 7)
                {
                    throw new MessageRejectedException("NotToday", "Seven is closed.");
                }
            }
        );

        _first.SetResult();
        var letter = await module.DeadLetterAsync(bus);
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal("NotToday", letter.Reason);
        Assert.Equal([Count, .. Enumerable.Repeat(1, Count)], _batches);
        var entries = await module.EntriesAsync();
        Assert.Equal(Count, entries.Length);
        Assert.Distinct(entries);
        Assert.DoesNotContain("sheet 7", entries);
    }

    [Fact]
    public async Task What_is_done_for_a_message_is_done_in_its_own_trace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var module = await StartWithFirstHeldUpAsync(
            (sheet, database) =>
                sheet.Handle(message =>
                {
                    var own = Equals(Activity.Current?.GetTagItem("messaging.message.id"), sheet.Context.MessageId);
                    database.Add(new Entry { Text = $"{message.Number} {(own ? "own" : "another's")}" });
                })
        );

        _first.SetResult();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal([Count], _batches);
        Assert.Equal(
            Count,
            (await module.EntriesAsync()).Count(entry => entry.EndsWith(" own", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_message_that_was_handled_before_is_not_among_them()
    {
        await using var module = await StartWithFirstHeldUpAsync(
            (sheet, database) => database.Add(new Entry { Text = $"sheet {sheet.Message.Number}" }),
            alreadyHandled: 3
        );

        _first.SetResult();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal([Count - 1], _batches);
        Assert.DoesNotContain("sheet 3", await module.EntriesAsync());
    }

    // A ping is being handled, and all sheets have been delivered and wait.
    private async Task<Module> StartWithFirstHeldUpAsync(
        Action<Received<Sheet>, LedgerContext> handle,
        int? alreadyHandled = null
    )
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
        var begun = new TaskCompletionSource();
        module.Script.OnPing = async turn =>
        {
            begun.TrySetResult();
            await _first.Task.WaitAsync(turn.Cancel);
            turn.Note("the first");
        };
        module.Script.OnSheets = (sheets, database) =>
        {
            _batches.Enqueue(sheets.Count);
            foreach (var sheet in sheets)
            {
                handle(sheet, database);
            }

            return Task.CompletedTask;
        };
        await module.StartAsync();
        await module.SendAsync(0);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        foreach (var number in Enumerable.Range(1, Count))
        {
            var id = Guid.CreateVersion7();
            if (number == alreadyHandled)
            {
                await module.ExecuteAsync(
                    $"INSERT INTO inbox_messages (message_id, handler) VALUES ({id.ToString()}, {nameof(SheetHandler)})"
                );
            }

            await module.DeliverAsync(bus, $$"""{"number":{{number}}}""", Sheet.Type, id);
        }

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
}
