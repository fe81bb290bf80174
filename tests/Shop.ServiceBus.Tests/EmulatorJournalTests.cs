using System.Text;
using Shop.ServiceBusEmulator.Amqp;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Configuration;
using Shop.ServiceBusEmulator.Journal;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorJournalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart_with_its_number_and_properties()
    {
        using (var first = Open())
        {
            await first.SendAsync("a");
            await first.SendAsync("b");
        }

        using var second = Open();

        Assert.Equal(2, second.Report.Messages);
        Assert.Equal([1L, 2L], second.Queue.Peek(0, 10).Select(d => d.Message.SequenceNumber));
        await second.SendAsync("c");
        Assert.Equal(3, second.Queue.Peek(3, 10).Single().Message.SequenceNumber);
    }

    [Fact]
    public async Task What_was_completed_does_not_come_back()
    {
        using (var first = Open())
        {
            await first.SendAsync("a");
            await first.SendAsync("b");
            var delivery = first.Lock();
            await Answered(done => first.Queue.Complete(delivery.LockToken, done));
        }

        using var second = Open();

        Assert.Equal([2L], second.Queue.Peek(0, 10).Select(d => d.Message.SequenceNumber));
    }

    [Fact]
    public async Task Attempts_and_changed_properties_survive_and_locks_do_not()
    {
        using (var first = Open())
        {
            await first.SendAsync("a");
            var delivery = first.Lock();
            await Answered(done =>
                first.Queue.Abandon(
                    delivery.LockToken,
                    new Dictionary<string, object?> { ["tries"] = 7, ["at"] = Guid.Empty },
                    done
                )
            );
            first.Lock();
        }

        using var second = Open();

        var again = second.Lock();
        Assert.Equal(2, again.DeliveryCount);
        Assert.Equal(7, again.Message.ChangedProperties["tries"]);
        Assert.Equal(Guid.Empty, again.Message.ChangedProperties["at"]);
    }

    public static TheoryData<object> Values() =>
        [
            new DateTimeOffset(2030, 1, 1, 12, 0, 0, 1, TimeSpan.Zero),
            TimeSpan.FromTicks(-7),
            new Uri("https://shop.example/orders?id=1"),
            new Uri("../orders", UriKind.Relative),
            19.99m,
            ulong.MaxValue,
        ];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_changed_property_keeps_its_type(object value)
    {
        using (var first = Open())
        {
            await first.SendAsync("a");
            var delivery = first.Lock();
            await Answered(done =>
                first.Queue.Abandon(delivery.LockToken, new Dictionary<string, object?> { ["value"] = value }, done)
            );
        }

        using var second = Open();

        Assert.Equal(value, second.Lock().Message.ChangedProperties["value"]);
    }

    [Fact]
    public async Task Scheduled_and_deferred_messages_stay_what_they_are()
    {
        var due = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600);
        using (var first = Open())
        {
            await first.SendAsync("deferred");
            var delivery = first.Lock();
            await Answered(done => first.Queue.Defer(delivery.LockToken, null, done));
            await first.SendAsync("scheduled", due);
        }

        using var second = Open();

        Assert.Equal(new QueueCounts(2, 0, 0, 1, 1), second.Queue.Count());
        Assert.Equal(
            due.ToUnixTimeMilliseconds(),
            second.Queue.Peek(2, 1).Single().Message.ScheduledFor.ToUnixTimeMilliseconds()
        );
    }

    [Fact]
    public void What_comes_in_while_the_disk_is_busy_is_flushed_at_once()
    {
        using var journal = new MessageJournal(folder.Path, _ => { });
        using var queue = new MessageQueue("q", new QueueSettings(), journal, TimeProvider.System);
        using var acknowledged = new CountdownEvent(1000);
        for (var i = 0; i < 1000; i++)
        {
            var content = new MessageContent(new byte[] { 0, 0x53, 0x75, 0xa0, 0 }, WireMessageReader.Instance);
            var message = queue.CreateMessage(content, DateTimeOffset.UtcNow);
            journal.Append(new JournalEntry([new EnqueueOperation(queue, message)], () => acknowledged.Signal()));
        }

        // Nothing is written before recovery is over, so all of it waits as it would for a slow disk.
        var definition = ConfigurationFile.Parse(
            "Config.json",
            """{ "UserConfig": { "Namespaces": [ {} ] } }"""u8.ToArray()
        );
        journal.Open(new Topology(definition, journal, TimeProvider.System), WireMessageReader.Instance);

        Assert.True(acknowledged.Wait(Limit, TestContext.Current.CancellationToken), "Not all were acknowledged.");
        Assert.Equal(1, journal.Flushes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(30)]
    public async Task A_torn_tail_is_cut_off_and_counted_and_the_rest_is_kept(int torn)
    {
        using (var first = Open())
        {
            await first.SendAsync("a");
            await first.SendAsync("b");
        }

        var file = Directory.GetFiles(folder.Path, "journal-*.log").Single();
        using (var journal = File.Open(file, FileMode.Open))
        {
            journal.SetLength(journal.Length - torn);
        }

        using (var second = Open())
        {
            Assert.Equal(1, second.Report.Messages);
            Assert.True(second.Report.TornBytes > 0);
            await second.SendAsync("c");
        }

        using var third = Open();
        Assert.Equal(2, third.Report.Messages);
        Assert.Equal(0, third.Report.TornBytes);
    }

    [Fact]
    public async Task A_damaged_record_is_not_believed()
    {
        using (var first = Open())
        {
            await first.SendAsync("a");
        }

        var file = Directory.GetFiles(folder.Path, "journal-*.log").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[^3] ^= 0x40;
        File.WriteAllBytes(file, bytes);

        using var second = Open();

        Assert.Equal(0, second.Report.Messages);
        Assert.True(second.Report.TornBytes > 0);
    }

    [Fact]
    public async Task Compaction_keeps_what_is_alive_and_the_numbering()
    {
        using (var first = Open(compactAbove: 20_000))
        {
            await first.SendAsync("kept");
            for (var i = 0; i < 200; i++)
            {
                await first.SendAsync(new string('x', 1000));
                var delivery = first.Queue.Peek(0, 10)[^1];
                var locked = first.Lock(delivery.Message.SequenceNumber);
                await Answered(done => first.Queue.Complete(locked.LockToken, done));
            }
        }

        var file = Directory.GetFiles(folder.Path, "journal-*.log").Single();
        Assert.True(new FileInfo(file).Length < 100_000, "The journal was not compacted.");
        using var second = Open();
        Assert.Equal(1, second.Report.Messages);
        await second.SendAsync("next");
        Assert.Equal(202, second.Queue.Peek(2, 10).Single().Message.SequenceNumber);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task A_sessions_state_survives_a_restart_and_compaction_until_it_is_cleared(long compactAbove)
    {
        byte[] state = [1, 2, 3];
        using (var first = Open(compactAbove))
        {
            await Answered(done => first.Sessions.SetSessionState("kept", state, done));
            await Answered(done => first.Sessions.SetSessionState("empty", [], done));
            await Answered(done => first.Sessions.SetSessionState("cleared", state, done));
            await Answered(done => first.Sessions.SetSessionState("cleared", null, done));
            await first.SendAsync("what is written last is compacted as well");
        }

        using var second = Open(compactAbove);

        Assert.Equal(state, second.Sessions.SessionState("kept")!);
        Assert.Empty(second.Sessions.SessionState("empty")!);
        Assert.Null(second.Sessions.SessionState("cleared"));
        Assert.Equal(["empty", "kept"], second.Sessions.ListSessions(DateTimeOffset.UnixEpoch, 0, 10));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task A_duplicate_is_known_after_a_restart_and_compaction(long compactAbove)
    {
        using (var first = Open(compactAbove))
        {
            await first.SendAsync("a", id: "1", to: "once");
            await first.SendAsync("what is written last is compacted as well");
        }

        using var second = Open(compactAbove);

        await second.SendAsync("b", id: "1", to: "once");
        await second.SendAsync("c", id: "2", to: "once");
        Assert.Equal(2, second.Once.Count().Total);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task Rules_that_were_added_and_removed_are_so_after_a_restart_and_compaction(long compactAbove)
    {
        Rule[] added =
        [
            new("sql", new SqlFilter("a = 1"), new SqlAction("SET b = 2")),
            new(
                "correlation",
                new CorrelationFilter
                {
                    Subject = "s",
                    Properties = new Dictionary<string, object> { ["number"] = 7, ["text"] = "x" },
                }
            ),
            new("gone", TrueFilter.Instance),
        ];
        using (var first = Open(compactAbove))
        {
            foreach (var rule in added)
            {
                await Answered(done => first.Rules.Add(rule, done));
            }

            await Answered(done => first.Rules.Remove("gone", done));
            await Answered(done => first.Rules.Remove("$Default", done));
            await first.SendAsync("what is written last is compacted as well");
        }

        using var second = Open(compactAbove);

        Assert.Equal(["sql", "correlation"], second.Rules.All.Select(rule => rule.Name));
        Assert.DoesNotContain("gone", second.Rules.Snapshot().Select(change => change.Name));
        Assert.Equal("a = 1", Assert.IsType<SqlFilter>(second.Rules.All[0].Filter).Expression);
        Assert.Equal("SET b = 2", second.Rules.All[0].Action?.Statements);
        var filter = Assert.IsType<CorrelationFilter>(second.Rules.All[1].Filter);
        Assert.Equal("s", filter.Subject);
        Assert.Equal([("number", (object)7), ("text", "x")], filter.Properties.Select(p => (p.Key, p.Value)).Order());
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    [InlineData(600)]
    public async Task Entities_that_clients_made_changed_and_deleted_are_so_after_a_restart_and_compaction(
        long compactAbove
    )
    {
        static EntityDefinition Queue(string name, int deliveries = 10) =>
            new(EntityKind.Queue, name, new QueueSettings { MaxDeliveryCount = deliveries })
            {
                ForwardTo = name == "source" ? "made" : null,
                Kept = new Dictionary<string, string> { ["UserMetadata"] = "東京" },
            };
        using (var first = Open(compactAbove))
        {
            await Answered(done => first.Manager.Create(Queue("made"), Rule.Default, done));
            await Answered(done => first.Manager.Create(Queue("source"), Rule.Default, done));
            await Answered(done => first.Manager.Create(Queue("again"), Rule.Default, done));
            await first.SendAsync("gone", to: "again");
            await first.SendAsync("passed on", to: "source");
            await Answered(done => first.Manager.Delete("again", done));
            await Answered(done => first.Manager.Create(Queue("again", 7), Rule.Default, done));
            await first.SendAsync("there", to: "again");
            await Answered(done => first.Manager.Update(Queue("q", 3), done));
            await Answered(done => first.Manager.Delete("once", done));
            await Answered(done => first.Manager.Delete("t", done));
            await first.SendAsync("what is written last is compacted as well");
        }

        for (var restart = 0; restart < 2; restart++)
        {
            using var next = Open(compactAbove);

            var made = next.Manager.Topology.Find("made")!;
            Assert.Equal("東京", made.Definition.Kept["UserMetadata"]);
            Assert.Equal(1, made.Store.Count().Total);
            Assert.Equal(7, next.Manager.Topology.Find("again")!.Store.Settings.MaxDeliveryCount);
            Assert.Equal(1 + restart, next.Manager.Topology.Find("again")!.Store.Count().Total);
            Assert.Equal(3, next.Queue.Settings.MaxDeliveryCount);
            Assert.Null(next.Manager.Topology.Find("once"));
            Assert.Null(next.Manager.Topology.Find("t"));
            Assert.Null(next.Manager.Topology.Find("t/Subscriptions/rules"));
            await next.SendAsync("more", to: "again");
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task What_happens_to_messages_of_a_deleted_queue_leaves_no_trace(long compactAbove)
    {
        using (var first = Open(compactAbove))
        {
            var deleted = first.Queue;
            await first.SendAsync("a");
            var delivery = first.Lock();
            await Answered(done => first.Manager.Delete("q", done));
            var again = new EntityDefinition(EntityKind.Queue, "q", new QueueSettings());
            await Answered(done => first.Manager.Create(again, Rule.Default, done));

            await Answered(done => deleted.Abandon(delivery.LockToken, null, done));

            await first.SendAsync("b");
            await first.SendAsync("c", to: "once");
        }

        using var second = Open(compactAbove);

        Assert.Equal(0, second.Report.TornBytes);
        Assert.Equal(1, second.Queue.Count().Total);
        Assert.Equal(0, second.Queue.Peek(0, 1).Single().Message.DeliveryCount);
        Assert.Equal(1, second.Once.Count().Total);
    }

    public void Dispose() => folder.Dispose();

    private Session Open(long compactAbove = long.MaxValue) => new(folder.Path, compactAbove);

    private static async Task Answered(Action<Outcome> act)
    {
        var answered = new TaskCompletionSource<BrokerError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        act(error => answered.TrySetResult(error));
        Assert.Null(await answered.Task.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    /// <summary>A broker on the folder's journal, from opening to closing.</summary>
    private sealed class Session : IDisposable
    {
        private readonly MessageJournal journal;
        private readonly MessageBroker broker;
        private readonly Dictionary<long, Delivery> held = [];

        public Session(string folder, long compactAbove)
        {
            var definition = ConfigurationFile.Parse(
                "Config.json",
                Encoding.UTF8.GetBytes(
                    """{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "q" }, { "Name": "s", "Properties": { "RequiresSession": true } }, { "Name": "once", "Properties": { "RequiresDuplicateDetection": true } } ], "Topics": [ { "Name": "t", "Subscriptions": [ { "Name": "rules" } ] } ] } ] } }"""
                )
            );
            journal = new MessageJournal(folder, _ => { }, compactAbove);
            var topology = new Topology(definition, journal, TimeProvider.System);
            broker = new MessageBroker(topology, journal, TimeProvider.System);
            Manager = new EntityManager(topology, journal, TimeProvider.System);
            Report = journal.Open(topology, WireMessageReader.Instance);
            broker.Start();
        }

        public RecoveryReport Report { get; }

        public EntityManager Manager { get; }

        public RuleSet Rules => broker.Topology.Find("t/Subscriptions/rules")!.Store.Rules;

        public MessageQueue Once => broker.Topology.Find("once")!.Store;

        public MessageQueue Sessions => broker.Topology.Find("s")!.Store;

        public MessageQueue Queue => broker.Topology.Find("q")!.Store;

        public Task SendAsync(string body, DateTimeOffset? due = null, string? id = null, string to = "q")
        {
            var message = new global::Amqp.Message(body);
            if (id is not null)
            {
                message.Properties = new global::Amqp.Framing.Properties { MessageId = id };
            }

            if (due is { } time)
            {
                message.MessageAnnotations = new global::Amqp.Framing.MessageAnnotations();
                message.MessageAnnotations[new global::Amqp.Types.Symbol("x-opt-scheduled-enqueue-time")] =
                    time.UtcDateTime;
            }

            var buffer = message.Encode();
            var content = WireBatch.Content(buffer.Buffer.AsMemory(buffer.Offset, buffer.Length).ToArray());
            return Answered(done => broker.Send(broker.Topology.Find(to)!, [content], done));
        }

        public Delivery Lock(long? sequence = null)
        {
            var receiver = new BenchReceiver(Queue, ReceiveMode.PeekLock);
            receiver.Consumer.AddCredit(1);
            receiver.Consumer.Close();
            while (sequence is not null && receiver.Deliveries[^1].Message.SequenceNumber != sequence)
            {
                held[receiver.Deliveries[^1].Message.SequenceNumber] = receiver.Deliveries[^1];
                receiver = new BenchReceiver(Queue, ReceiveMode.PeekLock);
                receiver.Consumer.AddCredit(1);
                receiver.Consumer.Close();
            }

            return receiver.Deliveries.Single();
        }

        public void Dispose()
        {
            journal.Dispose();
            broker.Dispose();
        }
    }
}
