using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>What operators do with dead letters, whichever transport it is.</summary>
public sealed class DeadLetterTests(InfrastructureFixture databases, BusFixture bus)
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task Dead_letters_are_listed_page_by_page_and_read_with_their_bodies(Transport transport)
    {
        await using var module = await CreateAsync(transport);
        foreach (var number in new[] { 1, 2, 3 })
        {
            await module.DeliverAsync(bus, $$"""{ "number": {{number}} }""", "shop.tests.unheard-of.v1");
        }

        await module.StartAsync();
        var letters = module.Get<DeadLetterQueue>();
        await WaitForAsync(letters, 3);

        var first = await letters.ListAsync(from: 0, pageSize: 2, Cancel);
        var second = await letters.ListAsync(first.NextCursor!.Value, pageSize: 2, Cancel);

        Assert.Equal(2, first.Items.Count);
        var last = Assert.Single(second.Items);
        Assert.Null(second.NextCursor);
        Assert.All(first.Items, letter => Assert.Null(letter.Body));
        Assert.Equal("UnknownMessageType", last.Reason);
        Assert.Equal("shop.tests.unheard-of.v1", last.Type);
        Assert.Equal("order-1", last.CorrelationId);
        Assert.Equal(1, last.DeliveryCount);
        Assert.Null(last.RedrivenAt);
        var whole = await letters.FindAsync(last.SequenceNumber, Cancel);
        Assert.NotNull(whole!.Body!["number"]);
        Assert.Null(await letters.FindAsync(last.SequenceNumber + 1000, Cancel));
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task A_redriven_dead_letter_is_handled_and_the_others_stay(Transport transport)
    {
        var broken = true;
        await using var module = await CreateAsync(transport);
        module.Script.OnPing = turn =>
        {
            if (Volatile.Read(ref broken))
            {
                throw new MessageRejectedException("Broken", "Not yet.");
            }

            turn.Note($"ping {turn.Message.Number}");
            return Task.CompletedTask;
        };
        await module.StartAsync();
        await module.SendAsync(1, 2, 3);
        var letters = module.Get<DeadLetterQueue>();
        await WaitForAsync(letters, 3);
        Volatile.Write(ref broken, false);
        var middle = (await letters.PeekAsync(0, 10, Cancel))[1];

        Assert.Equal(DeadLetterOutcome.Done, await letters.RedriveAsync(middle.SequenceNumber, Cancel));

        await Eventually.GetAsync("an entry", module.EntriesAsync, entries => entries.Length == 1);
        Assert.Equal([$"ping {middle.Body!["number"]}"], await module.EntriesAsync());
        await WaitForAsync(letters, 2);
        Assert.Equal(DeadLetterOutcome.Unknown, await letters.RedriveAsync(middle.SequenceNumber, Cancel));
        // What was locked to get at it has been given back.
        await Eventually.GetAsync(
            "the rest to be redriven",
            () => letters.RedriveAllAsync(Time, Cancel),
            report => report is { Redriven: 2, Done: true }
        );
        await Eventually.GetAsync("all entries", module.EntriesAsync, entries => entries.Length == 3);
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task A_discarded_dead_letter_is_gone_and_the_others_stay(Transport transport)
    {
        await using var module = await CreateAsync(transport);
        module.Script.OnPing = _ => throw new MessageRejectedException("Broken", "For ever.");
        await module.StartAsync();
        await module.SendAsync(1, 2, 3);
        var letters = module.Get<DeadLetterQueue>();
        await WaitForAsync(letters, 3);
        var before = await letters.PeekAsync(0, 10, Cancel);

        Assert.Equal(DeadLetterOutcome.Done, await letters.DiscardAsync(before[1].SequenceNumber, Cancel));

        Assert.Equal(DeadLetterOutcome.Unknown, await letters.DiscardAsync(before[1].SequenceNumber, Cancel));
        Assert.Equal(
            [before[0].MessageId, before[2].MessageId],
            (await WaitForAsync(letters, 2)).Select(letter => letter.MessageId)
        );
        Assert.Empty(await module.EntriesAsync());
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task Redriving_all_ends_although_they_fail_again_and_says_when_that_was(Transport transport)
    {
        await using var module = await CreateAsync(transport);
        module.Script.OnPing = _ => throw new MessageRejectedException("Broken", "For ever.");
        await module.StartAsync();
        await module.SendAsync(1, 2, 3);
        var letters = module.Get<DeadLetterQueue>();
        await WaitForAsync(letters, 3);

        var report = await letters.RedriveAllAsync(Time, Cancel);

        Assert.Equal(new RedriveReport(3, Done: true), report);
        var again = await WaitForAsync(letters, 3);
        Assert.All(again, letter => Assert.NotNull(letter.RedrivenAt));
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task What_one_handler_had_done_before_the_message_died_is_not_done_again(Transport transport)
    {
        var broken = true;
        await using var module = await CreateAsync(transport);
        module.Script.OnSecondPing = turn =>
        {
            if (Volatile.Read(ref broken))
            {
                throw new MessageRejectedException("Broken", "Not yet.");
            }

            turn.Note("second");
            return Task.CompletedTask;
        };
        await module.StartAsync();
        await module.SendAsync(1);
        var letters = module.Get<DeadLetterQueue>();
        var letter = Assert.Single(await WaitForAsync(letters, 1));
        Volatile.Write(ref broken, false);

        await letters.RedriveAsync(letter.SequenceNumber, Cancel);

        await Eventually.GetAsync("the second entry", module.EntriesAsync, entries => entries.Contains("second"));
        Assert.Equal(["ping 1", "second"], await module.EntriesAsync());
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task Dead_letters_are_counted_by_a_metric_and_told_by_the_readiness(Transport transport)
    {
        await using var module = await CreateAsync(transport);
        await module.DeliverAsync(bus, "{}", "shop.tests.unheard-of.v1");
        await module.StartAsync();

        var entry = await Eventually.GetAsync(
            "the readiness to tell of it",
            async () => (await module.Get<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["messaging"],
            entry => entry.Description!.Contains("dead letter", StringComparison.Ordinal)
        );

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(
            $"{module.Name.Queue}: oldest unsent message 0.0 s; {module.Name.Queue}: 1 dead letter",
            entry.Description
        );
        Assert.Equal(1, module.Measure("shop.deadletters"));
    }

    private static Task<IReadOnlyList<DeadLetter>> WaitForAsync(DeadLetterQueue letters, int count) =>
        Eventually.GetAsync(
            $"{count} dead letters",
            () => letters.PeekAsync(0, 100, Cancel),
            found => found.Count == count
        );

    private Task<Module> CreateAsync(Transport transport) =>
        Module.CreateAsync(
            databases,
            bus,
            settings: Module.Patient with
            {
                DeadLetterCountInterval = TimeSpan.FromMilliseconds(50),
            },
            transport: transport
        );
}
