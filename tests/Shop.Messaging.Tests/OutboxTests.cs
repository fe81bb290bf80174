using Azure.Messaging.ServiceBus;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop.Testing;

namespace Shop.Messaging.Tests;

public sealed class OutboxTests(InfrastructureFixture databases, BusFixture bus)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_committed_message_is_sent_as_a_CloudEvent_and_leaves_the_outbox()
    {
        await using var module = await Module.CreateAsync(databases, bus);

        await module.SendAsync(outbox => outbox.Add(new Pong(7), "order-1"));
        Assert.Equal(1, await module.Relay.TryRelayAsync(Cancel));

        var message = Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
        Assert.Equal("""{"number":7}""", message.Body.ToString());
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal(Pong.Type, message.Subject);
        Assert.Equal("order-1", message.CorrelationId);
        var attributes = message.ApplicationProperties;
        Assert.Equal("1.0", attributes["cloudEvents:specversion"]);
        Assert.Equal(Pong.Type, attributes["cloudEvents:type"]);
        Assert.Equal("/shop/" + module.Name.Queue, attributes["cloudEvents:source"]);
        Assert.Equal(message.MessageId, attributes["cloudEvents:id"]);
        Assert.True(DateTimeOffset.TryParse((string)attributes["cloudEvents:time"], out _));
        Assert.Equal(0, await module.CountAsync("outbox_messages"));
    }

    [Fact]
    public async Task A_change_that_is_rolled_back_sends_nothing()
    {
        await using var module = await Module.CreateAsync(databases, bus);

        await module.UseAsync(async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
            var outbox = new Outbox<LedgerContext>(
                database,
                module.Get<MessagingContext<LedgerContext>>(),
                TimeProvider.System
            );
            outbox.Add(new Ping(1), "order-1");
            await database.SaveChangesAsync(Cancel);
            await transaction.RollbackAsync(Cancel);
        });

        Assert.Equal(0, await module.CountAsync("outbox_messages"));
        Assert.Equal(0, await module.Relay.TryRelayAsync(Cancel));
    }

    [Fact]
    public async Task The_relay_is_woken_by_the_commit_of_saving_and_of_a_transaction()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        await module.StartAsync();

        await module.SendAsync(outbox => outbox.Add(new Pong(1), "order-1"));
        Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));

        await module.UseAsync(async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(Cancel);
            var outbox = new Outbox<LedgerContext>(
                database,
                module.Get<MessagingContext<LedgerContext>>(),
                TimeProvider.System
            );
            outbox.Add(new Pong(2), "order-1");
            await database.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
        });
        Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
    }

    [Fact]
    public async Task What_nobody_woke_the_relay_for_is_found_by_the_poll()
    {
        await using var module = await Module.CreateAsync(
            databases,
            bus,
            settings: new MessagingSettings { OutboxPoll = TimeSpan.FromMilliseconds(50) }
        );
        await using var other = module.Replica(bus);
        await module.StartAsync();

        await other.SendAsync(outbox => outbox.Add(new Pong(1), "order-1"));

        Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
    }

    [Fact]
    public async Task A_crash_between_send_and_delete_sends_again_with_the_same_id()
    {
        var crash = new CrashOnce("DELETE FROM outbox_messages");
        await using var module = await Module.CreateAsync(
            databases,
            bus,
            services => services.ConfigureDbContext<LedgerContext>(options => options.AddInterceptors(crash))
        );
        await module.SendAsync(outbox => outbox.Add(new Pong(1), "order-1"));

        Assert.Null(await module.Relay.TryRelayAsync(Cancel));
        Assert.Equal(1, await module.CountAsync("outbox_messages"));
        Assert.Equal(1, await module.Relay.TryRelayAsync(Cancel));

        var messages = await bus.Client.TakeAsync(module.Name.Other, 2);
        Assert.Single(messages.Select(message => message.MessageId).Distinct());
        Assert.Equal(0, await module.CountAsync("outbox_messages"));
    }

    [Fact]
    public async Task A_relay_that_hangs_loses_its_turn_when_its_lease_is_over()
    {
        await using var module = await Module.CreateAsync(
            databases,
            bus,
            settings: new MessagingSettings { OutboxLease = TimeSpan.FromMilliseconds(300) }
        );
        await using var replica = module.Replica(bus);
        await module.SendAsync(outbox => outbox.Add(new Pong(1), "order-1"));
        var hung = await module.Get<OutboxStore<LedgerContext>>().BeginAsync(Cancel);
        var taken = Assert.Single(hung.Messages);

        Assert.Equal(1, await replica.Relay.TryRelayAsync(Cancel));

        Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
        await Assert.ThrowsAnyAsync<Exception>(() => hung.EndAsync([taken.Id], [], Cancel));
        await hung.DisposeAsync();
    }

    [Fact]
    public async Task Relays_side_by_side_send_each_message_once()
    {
        const int count = 600;
        await using var module = await Module.CreateAsync(databases, bus);
        await using var replica = module.Replica(bus);
        await module.SendAsync(outbox =>
        {
            for (var number = 0; number < count; number++)
            {
                outbox.Add(new Pong(number), $"order-{number}");
            }
        });

        await Task.WhenAll(RelayAllAsync(module), RelayAllAsync(replica));

        var messages = await bus.Client.TakeAsync(module.Name.Other, count);
        Assert.Equal(count, messages.Select(message => message.MessageId).Distinct().Count());
        Assert.Empty(await bus.Client.PeekAsync(module.Name.Other));
        Assert.Equal(0, await module.CountAsync("outbox_messages"));
    }

    [Fact]
    public async Task Messages_are_sent_in_the_order_in_which_they_were_added()
    {
        const int count = 250;
        await using var module = await Module.CreateAsync(
            databases,
            bus,
            settings: new MessagingSettings { OutboxBatch = 100 }
        );
        await module.SendAsync(outbox =>
        {
            for (var number = 0; number < count; number++)
            {
                outbox.Add(new Pong(number), "order-1");
            }
        });

        await RelayAllAsync(module);

        var messages = await bus.Client.TakeAsync(module.Name.Other, count);
        Assert.Equal(
            Enumerable.Range(0, count).Select(number => $$"""{"number":{{number}}}"""),
            messages.Select(message => message.Body.ToString())
        );
    }

    [Fact]
    public async Task Relays_side_by_side_keep_the_order_of_an_aggregate()
    {
        const int count = 250;
        var settings = Module.Patient with { OutboxBatch = 20 };
        await using var module = await Module.CreateAsync(databases, bus, settings: settings);
        await using var replica = module.Replica(bus, settings);
        await module.SendAsync(outbox =>
        {
            for (var number = 0; number < count; number++)
            {
                outbox.Add(new Pong(number), "order-1");
            }
        });

        await Task.WhenAll(RelayAllAsync(module), RelayAllAsync(replica));

        var messages = await bus.Client.TakeAsync(module.Name.Other, count);
        Assert.Equal(
            Enumerable.Range(0, count).Select(number => $$"""{"number":{{number}}}"""),
            messages.Select(message => message.Body.ToString())
        );
    }

    [Fact]
    public async Task A_message_that_waits_after_a_failure_holds_back_the_later_ones_of_its_aggregate_only()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        await module.SendAsync(outbox =>
        {
            outbox.Add(new Pong(1), "order-1");
            outbox.Add(new Pong(2), "order-1");
            outbox.Add(new Pong(3), "order-2");
        });
        await module.ExecuteAsync(
            $"UPDATE outbox_messages SET available_at = now() + interval '1 hour' WHERE body->>'number' = '1'"
        );

        Assert.Equal(1, await module.Relay.TryRelayAsync(Cancel));
        await module.ExecuteAsync($"UPDATE outbox_messages SET available_at = now()");
        Assert.Equal(2, await module.Relay.TryRelayAsync(Cancel));

        var messages = await bus.Client.TakeAsync(module.Name.Other, 3);
        Assert.Equal(
            ["""{"number":3}""", """{"number":1}""", """{"number":2}"""],
            messages.Select(message => message.Body.ToString())
        );
    }

    [Fact]
    public async Task A_destination_that_fails_keeps_its_messages_and_stops_no_other()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        await module.SendAsync(outbox =>
        {
            outbox.Add(new Lost(1), "order-1");
            outbox.Add(new Pong(2), "order-1");
        });

        Assert.Null(await module.Relay.TryRelayAsync(Cancel));

        Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
        Assert.Equal(
            1,
            await module.CountAsync(
                "outbox_messages WHERE type = 'shop.tests.lost.v1' AND attempts = 1 AND available_at > created_at"
            )
        );
    }

    [Fact]
    public async Task A_message_for_later_is_scheduled_on_the_bus()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        var later = DateTimeOffset.UtcNow.AddHours(1);

        await module.SendAsync(outbox => outbox.Add(new Ping(1), "order-1", later));
        Assert.Equal(1, await module.Relay.TryRelayAsync(Cancel));

        var message = Assert.Single(await bus.Client.PeekAsync(module.Name.Queue));
        Assert.Equal(ServiceBusMessageState.Scheduled, message.State);
        Assert.Equal(later, message.ScheduledEnqueueTime, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_message_that_does_not_fit_on_the_bus_is_refused_where_it_is_added()
    {
        await using var module = await Module.CreateAsync(databases, bus);

        await Assert.ThrowsAsync<ArgumentException>(() =>
            module.SendAsync(outbox => outbox.Add(new Ping(1, new string('x', 300_000)), "order-1"))
        );
    }

    [Fact]
    public async Task Many_large_messages_are_sent_in_as_many_batches_as_it_takes()
    {
        const int count = 8;
        await using var module = await Module.CreateAsync(databases, bus);
        await module.SendAsync(outbox =>
        {
            for (var number = 0; number < count; number++)
            {
                outbox.Add(new Ping(number, new string('x', 150_000)), "order-1");
            }
        });

        Assert.Equal(count, await module.Relay.TryRelayAsync(Cancel));

        Assert.Equal(count, (await bus.Client.TakeAsync(module.Name.Queue, count)).Count);
    }

    [Fact]
    public async Task A_record_that_was_not_declared_is_refused()
    {
        await using var module = await Module.CreateAsync(databases, bus);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            module.SendAsync(outbox => outbox.Add(new { Number = 1 }, "order-1"))
        );
    }

    [Fact]
    public async Task The_lag_is_the_age_of_the_oldest_message_not_sent()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        await module.SendAsync(outbox => outbox.Add(new Lost(1), "order-1"));
        await module.ExecuteAsync($"UPDATE outbox_messages SET created_at = now() - interval '1 hour'");

        await module.Relay.TryRelayAsync(Cancel);

        Assert.InRange(
            module.Get<OutboxLag<LedgerContext>>().Current,
            TimeSpan.FromMinutes(59),
            TimeSpan.FromMinutes(61)
        );
    }

    // A claim may come back empty while rows are left, when another relay was quicker with those it had found.
    private static async Task RelayAllAsync(Module module)
    {
        while (await module.CountAsync("outbox_messages") > 0)
        {
            Assert.NotNull(await module.Relay.TryRelayAsync(Cancel));
        }
    }
}
