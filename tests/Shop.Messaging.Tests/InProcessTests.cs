using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.ServiceDefaults;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>What is particular to the transport within one process; what both promise is in the other tests.</summary>
public sealed class InProcessTests(InfrastructureFixture databases, BusFixture bus)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_reaches_every_context_that_handles_it_once()
    {
        await using var contexts = await Contexts.StartAsync(databases);

        await contexts.PublishAsync(new Pong(1));
        var heard = await Eventually.GetAsync(
            "the listener's entry",
            contexts.EntriesAsync<ListenerContext>,
            entries => entries.Length > 0
        );
        var own = await Eventually.GetAsync(
            "the own entry",
            contexts.EntriesAsync<LedgerContext>,
            entries => entries.Length > 0
        );

        Assert.Equal(["order-1 pong 1"], heard);
        Assert.Equal(["own pong 1"], own);
    }

    [Fact]
    public async Task An_event_that_nobody_handles_is_done()
    {
        await using var contexts = await Contexts.StartAsync(databases);

        await contexts.PublishAsync(new Ping(1));

        await Eventually.GetAsync("an empty outbox", contexts.CountUnsentAsync, count => count == 0);
    }

    [Fact]
    public async Task A_command_to_a_context_that_is_not_in_the_process_is_refused_at_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Transport.InProcess.Configure(builder.Configuration, bus: "");
        builder.Services.AddMetrics();
        builder.Services.AddDbContext<LedgerContext>(options => options.UseNpgsql("Host=nowhere"));
        builder.AddMessaging<LedgerContext>("ledger", messaging => messaging.Command<Lost>(Lost.Type, "elsewhere"));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancel));

        Assert.Contains("'elsewhere', which is not in this process", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Messaging:Transport", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_transport_is_refused_with_the_known_ones()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration[MessagingExtensions.TransportSetting] = "Pigeon";

        var refused = Assert.Throws<SettingException>(() => builder.AddMessaging<LedgerContext>("ledger", _ => { }));

        Assert.Equal(
            "Messaging:Transport is 'Pigeon'; it takes 'ServiceBus' (the default) or 'InProcess'.",
            refused.Message
        );
    }

    [Fact]
    public async Task A_message_is_handled_because_the_commit_woke_everybody()
    {
        await using var module = await CreateAsync(Module.Patient with { QueuePoll = TimeSpan.FromHours(1) });
        await module.StartAsync();

        await module.SendAsync(1, 2, 3);

        await Eventually.GetAsync("three entries", module.EntriesAsync, entries => entries.Length == 3);
        await module.WaitUntilEmptyAsync(bus);
    }

    [Fact]
    public async Task A_message_for_later_waits_in_the_queue_until_it_is_due()
    {
        await using var module = await CreateAsync();
        await module.StartAsync();

        await module.SendAsync(outbox => outbox.Add(new Ping(1), "order-1", DateTimeOffset.UtcNow.AddHours(1)));
        await module.SendAsync(2);
        await Eventually.GetAsync("an entry", module.EntriesAsync, entries => entries.Length > 0);

        Assert.Equal(["ping 2"], await module.EntriesAsync());
        Assert.Equal(
            1,
            await module.CountAsync(
                "queue_messages WHERE available_at > now() + interval '59 minutes' AND deliveries = 0"
            )
        );
        await module.ExecuteAsync($"UPDATE queue_messages SET available_at = now()");
        await Eventually.GetAsync("both entries", module.EntriesAsync, entries => entries.Length == 2);
    }

    [Fact]
    public async Task A_crash_between_the_queue_and_the_outbox_changes_the_state_once()
    {
        var crash = new CrashOnce("DELETE FROM outbox_messages");
        await using var module = await CreateAsync(configure: services =>
            services.ConfigureDbContext<LedgerContext>(options => options.AddInterceptors(crash))
        );
        await module.SendAsync(1);

        Assert.Null(await module.Relay.TryRelayAsync(Cancel));
        Assert.Equal(1, await module.CountAsync("outbox_messages"));
        Assert.Equal(1, await module.CountAsync("queue_messages"));
        await module.StartAsync();
        await Eventually.GetAsync("an entry", module.EntriesAsync, entries => entries.Length > 0);
        await module.WaitUntilEmptyAsync(bus);
        await module.Relay.TryRelayAsync(Cancel);
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(0, await module.CountAsync("outbox_messages"));
        Assert.Equal(["ping 1"], await module.EntriesAsync());
    }

    [Fact]
    public async Task A_crash_between_a_handlers_commit_and_the_queue_changes_nothing_more()
    {
        await using var module = await CreateAsync();
        await module.DeliverAsync(bus, """{"number":1}""");
        var store = module.Get<QueueStore<LedgerContext>>();
        var taken = Assert.Single(await store.TurnAsync([], [], 16, TimeSpan.FromHours(1), Cancel));
        await module.Get<MessageHandling<LedgerContext>>().HandleAsync(taken.Context, taken.Utf8Body, Cancel);
        // Here the process dies, and the lease runs out.
        await module.ExecuteAsync($"UPDATE queue_messages SET available_at = now()");

        await module.StartAsync();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(["ping 1"], await module.EntriesAsync());
        Assert.Equal(0, await module.CountAsync("dead_letters"));
    }

    [Fact]
    public async Task A_message_that_ends_the_process_each_time_becomes_a_dead_letter()
    {
        await using var module = await CreateAsync();
        await module.DeliverAsync(bus, """{"number":1}""");
        await module.ExecuteAsync($"UPDATE queue_messages SET deliveries = {BusFixture.MaxDeliveryCount}");

        await module.StartAsync();
        var letter = await module.DeadLetterAsync(bus);

        Assert.Equal("MaxDeliveryCountExceeded", letter.Reason);
        Assert.Empty(await module.EntriesAsync());
        Assert.Equal(0, await module.CountAsync("queue_messages"));
    }

    [Fact]
    public async Task A_slow_handler_holds_up_nobody_else_and_keeps_its_message()
    {
        await using var module = await CreateAsync(
            Module.Patient with
            {
                Concurrency = 2,
                QueueLease = TimeSpan.FromMilliseconds(600),
                InboxBatchLimit = TimeSpan.FromMilliseconds(300),
            }
        );
        var slow = new TaskCompletionSource();
        var deliveries = 0;
        module.Script.OnPing = async turn =>
        {
            if (turn.Message.Number == 0)
            {
                deliveries = turn.Context.DeliveryCount;
                await slow.Task.WaitAsync(turn.Cancel);
            }

            turn.Note($"ping {turn.Message.Number}");
        };
        await module.StartAsync();

        await module.SendAsync(Enumerable.Range(0, 6).ToArray());
        await Eventually.GetAsync("the quick ones", module.EntriesAsync, entries => entries.Length == 5);
        var until = await LeaseAsync(module);
        // Three leases later it is still the same receiver's.
        await Eventually.GetAsync(
            "renewals",
            () => LeaseAsync(module),
            lease => lease > until + TimeSpan.FromMilliseconds(1800)
        );
        slow.SetResult();
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(1, deliveries);
        Assert.Equal(6, (await module.EntriesAsync()).Length);
    }

    [Fact]
    public async Task Receivers_side_by_side_handle_each_message_once()
    {
        const int count = 300;
        await using var module = await CreateAsync();
        await using var replica = module.Replica(bus);
        await module.StartAsync();
        await replica.StartAsync();

        await module.SendAsync(Enumerable.Range(0, count).ToArray());
        await Eventually.GetAsync("all entries", module.EntriesAsync, entries => entries.Length >= count);
        await module.WaitUntilEmptyAsync(bus);

        Assert.Equal(count, (await module.EntriesAsync()).Distinct().Count());
        Assert.Equal(count, (await module.EntriesAsync()).Length);
    }

    [Fact]
    public async Task One_trace_runs_from_the_request_across_the_queue()
    {
        await using var module = await CreateAsync();
        using var requests = new ActivitySource("Shop.Tests");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Shop.", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await module.StartAsync();

        using (requests.StartActivity("POST /api/orders"))
        {
            await module.SendAsync(1);
        }

        var root = spans.First(span => span.OperationName == "POST /api/orders");
        var trace = await Eventually.GetAsync(
            "the handler's span",
            () => Task.FromResult(spans.Where(span => span.TraceId == root.TraceId).ToArray()),
            found => found.Any(span => span.OperationName == $"process {Ping.Type}")
        );
        var send = Assert.Single(trace, span => span.OperationName == $"send {Ping.Type}");
        var process = Assert.Single(trace, span => span.OperationName == $"process {Ping.Type}");
        Assert.Equal(root.SpanId, send.ParentSpanId);
        Assert.Equal(send.SpanId, process.ParentSpanId);
        Assert.Equal("in_process", process.GetTagItem("messaging.system"));
    }

    private Task<Module> CreateAsync(
        MessagingSettings? settings = null,
        Action<IServiceCollection>? configure = null
    ) => Module.CreateAsync(databases, bus, configure, settings, Transport.InProcess);

    private static Task<DateTimeOffset> LeaseAsync(Module module) =>
        module.QueryAsync(
            "SELECT available_at FROM queue_messages ORDER BY id LIMIT 1",
            row => row.GetFieldValue<DateTimeOffset>(0)
        );
}
