using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.Testing;

namespace Shop.Messaging.Tests;

public sealed class InboxTests(InfrastructureFixture databases, BusFixture bus)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_goes_from_one_commit_to_the_next()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        module.Script.OnPing = turn =>
        {
            turn.Note($"ping {turn.Message.Number}");
            turn.Outbox.Add(new Pong(turn.Message.Number), turn.Context.CorrelationId!);
            return Task.CompletedTask;
        };
        await module.StartAsync();

        await module.SendAsync(1);

        Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
        await bus.Client.WaitUntilEmptyAsync(module.Name.Queue);
        Assert.Equal(["ping 1"], await module.EntriesAsync());
        Assert.Equal(2, await module.CountAsync("inbox_messages"));
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task The_handler_is_told_what_the_envelope_says(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        var told = new ConcurrentQueue<MessageContext>();
        module.Script.OnPing = turn =>
        {
            told.Enqueue(turn.Context);
            return Task.CompletedTask;
        };
        var before = DateTimeOffset.UtcNow;
        await module.StartAsync();

        await module.SendAsync(1);
        await Eventually.GetAsync("a call", () => Task.FromResult(told.Count), count => count == 1);

        var context = Assert.Single(told);
        Assert.True(Guid.TryParse(context.MessageId, out _));
        Assert.Equal(Ping.Type, context.Type);
        Assert.Equal("order-1", context.CorrelationId);
        Assert.Equal(1, context.DeliveryCount);
        Assert.InRange(context.Time, before, DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task Deliveries_of_the_same_message_change_the_state_once(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        await module.StartAsync();

        await module.DeliverAsync(bus, """{"number":1,"text":""}""", times: 20);
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(["ping 1"], await module.EntriesAsync());
    }

    [Fact]
    public async Task A_crash_between_commit_and_completion_changes_nothing_more()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        var message = new MessageContext("m-1", Ping.Type, "order-1", DateTimeOffset.UtcNow, 1);
        var handling = module.Get<MessageHandling<LedgerContext>>();
        var body = """{"number":1,"text":""}"""u8.ToArray();

        var first = await handling.HandleAsync(message, body, Cancel);
        var second = await handling.HandleAsync(message with { DeliveryCount = 2 }, body, Cancel);

        Assert.IsType<Settlement.Handled>(first);
        Assert.IsType<Settlement.Duplicate>(second);
        Assert.Equal(["ping 1"], await module.EntriesAsync());
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task A_handler_that_fails_leaves_no_state_no_inbox_entry_and_no_message(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        module.Script.OnPing = async turn =>
        {
            turn.Note("half done");
            turn.Outbox.Add(new Pong(1), "order-1");
            await turn.Database.SaveChangesAsync(turn.Cancel);
            throw new MessageRejectedException("NotToday", "The order is closed.");
        };
        await module.StartAsync();

        await module.SendAsync(1);
        var letter = await module.DeadLetterAsync(bus);

        Assert.Equal("NotToday", letter.Reason);
        Assert.Equal("The order is closed.", letter.Description);
        Assert.Empty(await module.EntriesAsync());
        Assert.Equal(0, await module.CountAsync("inbox_messages"));
        Assert.Equal(0, await module.CountAsync("outbox_messages"));
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task A_transient_failure_is_tried_again_within_the_same_delivery(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        var tries = 0;
        module.Script.OnPing = turn =>
        {
            turn.Note($"try {++tries} of delivery {turn.Context.DeliveryCount}");
            return tries < 3 ? throw new TimeoutException() : Task.CompletedTask;
        };
        await module.StartAsync();

        await module.SendAsync(1);
        await Eventually.GetAsync("an entry", module.EntriesAsync, entries => entries.Length > 0);

        Assert.Equal(["try 3 of delivery 1"], await module.EntriesAsync());
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task Another_failure_is_delivered_again_until_the_queue_gives_up(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        var deliveries = new ConcurrentQueue<int>();
        module.Script.OnPing = turn =>
        {
            deliveries.Enqueue(turn.Context.DeliveryCount);
            throw new InvalidOperationException("a bug");
        };
        await module.StartAsync();

        await module.SendAsync(1);
        var letter = await module.DeadLetterAsync(bus);

        Assert.Equal("MaxDeliveryCountExceeded", letter.Reason);
        Assert.Equal(Enumerable.Range(1, BusFixture.MaxDeliveryCount), deliveries);
    }

    [Theory]
    [InlineData(Transport.ServiceBus, "shop.tests.unheard-of.v1", "{}", "UnknownMessageType")]
    [InlineData(Transport.ServiceBus, Ping.Type, "{ this is no JSON", "UnreadableMessage")]
    [InlineData(Transport.ServiceBus, Ping.Type, "null", "UnreadableMessage")]
    [InlineData(Transport.ServiceBus, Ping.Type, """{"text":"without its number"}""", "UnreadableMessage")]
    [InlineData(Transport.ServiceBus, Ping.Type, """{"number":"secret"}""", "UnreadableMessage")]
    [InlineData(Transport.InProcess, "shop.tests.unheard-of.v1", "{}", "UnknownMessageType")]
    [InlineData(Transport.InProcess, Ping.Type, "null", "UnreadableMessage")]
    [InlineData(Transport.InProcess, Ping.Type, """{"number":"secret"}""", "UnreadableMessage")]
    public async Task Poison_is_dead_lettered_at_once_with_reason_and_description(
        Transport transport,
        string type,
        string body,
        string reason
    )
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        await module.StartAsync();

        await module.DeliverAsync(bus, body, type);
        var letter = await module.DeadLetterAsync(bus);

        Assert.Equal(reason, letter.Reason);
        var description = letter.Description ?? "";
        Assert.NotEmpty(description);
        Assert.DoesNotContain("secret", description, StringComparison.Ordinal);
        Assert.Equal(1, letter.Deliveries);
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task Members_that_a_reader_does_not_know_are_ignored(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        await module.StartAsync();

        await module.DeliverAsync(bus, """{"number":1,"addedLater":{"a":[]}}""");
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(["ping 1"], await module.EntriesAsync());
    }

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task When_one_handler_of_a_type_fails_the_other_is_not_repeated(Transport transport)
    {
        await using var module = await Module.CreateAsync(databases, bus, transport: transport);
        module.Script.OnSecondPing = turn =>
            turn.Context.DeliveryCount == 1 ? throw new InvalidOperationException("a bug") : Note(turn, "second");
        await module.StartAsync();

        await module.SendAsync(1);
        await Eventually.GetAsync("both entries", module.EntriesAsync, entries => entries.Length >= 2);
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(["ping 1", "second"], await module.EntriesAsync());
    }

    [Fact]
    public async Task Old_entries_are_forgotten_and_new_ones_kept()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        await module.ExecuteAsync(
            $"""
            INSERT INTO inbox_messages (message_id, handler, received_at)
            SELECT 'old-' || i, 'PingHandler', now() - interval '15 days' FROM generate_series(1, 2500) AS i
            UNION ALL SELECT 'new', 'PingHandler', now() - interval '13 days'
            """
        );

        Assert.Equal(2500, await module.CleanUp.CleanUpAsync(Cancel));
        Assert.Equal(1, await module.CountAsync("inbox_messages WHERE message_id = 'new'"));
    }

    [Fact]
    public async Task The_bus_is_a_dependency_that_tells_the_outboxs_age()
    {
        await using var module = await Module.CreateAsync(databases, bus);

        var report = await module.Get<HealthCheckService>().CheckHealthAsync(Cancel);

        var entry = Assert.Contains("messaging", report.Entries);
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal($"{module.Name.Queue}: oldest unsent message 0.0 s", entry.Description);
    }

    private static Task Note(Turn turn, string text)
    {
        turn.Note(text);
        return Task.CompletedTask;
    }
}
