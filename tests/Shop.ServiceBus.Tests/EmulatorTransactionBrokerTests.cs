using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBus.Tests;

/// <summary>What a transaction does when time passes, and when it cannot be committed.</summary>
public sealed class EmulatorTransactionBrokerTests : IDisposable
{
    private readonly BrokerBench bench = new(
        """
        { "Name": "q", "Properties": { "MaxDeliveryCount": 2 } },
        { "Name": "long", "Properties": { "LockDuration": "PT5M" } },
        { "Name": "s", "Properties": { "RequiresSession": true } }
        """
    );

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData(119, true)]
    [InlineData(121, false)]
    [InlineData(600, false)]
    public void A_transaction_is_rolled_back_when_it_is_not_discharged_within_two_minutes(int seconds, bool commits)
    {
        var transaction = Settling("long", SettlementKind.Complete, out var receiver);
        Assert.Null(transaction.Send(Entity("long"), this, [], _ => { }));

        bench.Pass(TimeSpan.FromSeconds(seconds));

        var error = bench.Settle(transaction.Commit);
        Assert.Equal(commits ? null : BrokerErrorKind.TransactionTimeout, error?.Kind);
        if (seconds < 300)
        {
            var again = bench.Settle(done => bench.Queue("long").Complete(receiver.Deliveries[0].LockToken, done));
            Assert.Equal(commits ? BrokerErrorKind.LockLost : null, again?.Kind);
        }

        Assert.NotNull(transaction.Send(Entity("long"), this, [], _ => { }));
    }

    [Theory]
    [InlineData(nameof(SettlementKind.Complete))]
    [InlineData(nameof(SettlementKind.Abandon))]
    [InlineData(nameof(SettlementKind.DeadLetter))]
    [InlineData(nameof(SettlementKind.Defer))]
    public void A_commit_that_finds_one_lock_lost_leaves_the_others_locked(string name)
    {
        var kind = Enum.Parse<SettlementKind>(name);
        var (kept, lost) = (Held("long"), Held("q"));
        var transaction = bench.Broker.Begin();
        Assert.Null(transaction.Settle(Entity("long"), this, [Settlement("long", kept, kind)]));
        // The same entity for the transaction: only the order of taking matters here.
        Assert.Null(transaction.Settle(Entity("long"), this, [Settlement("q", lost, kind)]));
        bench.Pass(TimeSpan.FromSeconds(61));

        Assert.Equal(BrokerErrorKind.TransactionRolledBack, bench.Settle(transaction.Commit)?.Kind);

        Assert.Equal(1, bench.Queue("long").Count().Locked);
        Assert.Equal(0, bench.Queue("long").Traffic().Completed);
        Assert.Equal(1, bench.Queue("q").Count().Active);
        Assert.Null(bench.Settle(done => bench.Queue("long").Complete(kept.Deliveries[0].LockToken, done)));
        Assert.Equal(0, bench.Queue("long").Count().Total);
    }

    [Fact]
    public void The_lock_of_a_message_that_was_put_back_expires_as_before()
    {
        var transaction = Settling("long", SettlementKind.Abandon, out _);
        transaction.Rollback();

        bench.Pass(TimeSpan.FromMinutes(5.1));

        Assert.Equal(new QueueCounts(1, 1, 0, 0, 0), bench.Queue("long").Count());
    }

    [Fact]
    public void An_abandoned_message_becomes_a_dead_letter_after_too_many_attempts()
    {
        var first = Held("q");
        bench.Settle(done => bench.Queue("q").Abandon(first.Deliveries[0].LockToken, null, done));
        var second = bench.Receive("q", 1);
        var transaction = bench.Broker.Begin();
        Assert.Null(transaction.Settle(Entity("q"), this, [Settlement("q", second, SettlementKind.Abandon)]));
        Assert.Equal(0, bench.Queue("q/$deadletterqueue").Count().Total);

        Assert.Null(bench.Settle(transaction.Commit));

        var dead = bench.Queue("q/$deadletterqueue").Peek(0, 1).Single().Message;
        Assert.Equal("MaxDeliveryCountExceeded", dead.ChangedProperties[MessageQueue.DeadLetterReasonProperty]);
        Assert.Equal(0, bench.Queue("q").Count().Total);
    }

    [Fact]
    public void A_session_that_its_receiver_leaves_takes_its_messages_out_of_the_transaction()
    {
        bench.Send("s", new MessageProperties { SessionId = "a" });
        var receiver = bench.Accept("s", "a");
        receiver.Consumer.AddCredit(1);
        var transaction = bench.Broker.Begin();
        Assert.Null(transaction.Settle(Entity("s"), this, [Settlement("s", receiver, SettlementKind.Complete)]));

        receiver.Consumer.Close();

        Assert.Equal(BrokerErrorKind.TransactionRolledBack, bench.Settle(transaction.Commit)?.Kind);
        var next = bench.Accept("s", "a");
        next.Consumer.AddCredit(1);
        Assert.Single(next.Deliveries);
    }

    [Fact]
    public void A_scheduled_message_whose_cancelling_is_rolled_back_comes_when_it_is_due()
    {
        var due = bench.Time.GetUtcNow().AddSeconds(30);
        bench.Send("q", new MessageProperties { ScheduledEnqueueTime = due });
        var transaction = bench.Broker.Begin();
        Assert.Null(transaction.CancelScheduled(Entity("q"), this, [1]));
        bench.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bench.Queue("q").Count().Active);

        transaction.Rollback();
        bench.Pass(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new QueueCounts(1, 1, 0, 0, 0), bench.Queue("q").Count());
    }

    [Fact]
    public void A_commit_that_finds_an_entity_deleted_does_nothing_anywhere()
    {
        var transaction = Settling("q", SettlementKind.Complete, out var receiver);
        Assert.Null(transaction.Send(Entity("q"), this, [BrokerBench.Message()], _ => { }));
        Assert.Null(transaction.Send(Entity("long"), this, [BrokerBench.Message()], _ => { }));
        bench.Broker.Topology.Remove("long");

        var error = bench.Settle(transaction.Commit);

        Assert.Equal(BrokerErrorKind.TransactionRolledBack, error?.Kind);
        Assert.Contains("'long' could not be found", error?.Description);
        Assert.Equal(1, bench.Queue("q").Count().Total);
        Assert.Null(bench.Settle(done => bench.Queue("q").Complete(receiver.Deliveries[0].LockToken, done)));
    }

    [Theory]
    [InlineData("commit", null)]
    [InlineData("roll back", nameof(BrokerErrorKind.TransactionRolledBack))]
    [InlineData("wait", nameof(BrokerErrorKind.TransactionRolledBack))]
    public void Who_sends_is_told_what_became_of_it_when_the_transaction_is_over(string end, string? expected)
    {
        List<BrokerError?> outcomes = [];
        var transaction = bench.Broker.Begin();
        Assert.Null(transaction.Send(Entity("q"), this, [BrokerBench.Message()], outcomes.Add));
        bench.Commit();
        Assert.Empty(outcomes);

        switch (end)
        {
            case "commit":
                bench.Settle(transaction.Commit);
                break;
            case "roll back":
                transaction.Rollback();
                break;
            default:
                bench.Pass(Transaction.Limit);
                break;
        }

        Assert.Equal(expected, Assert.Single(outcomes)?.Kind.ToString());
        Assert.Equal(expected is null ? 1 : 0, bench.Queue("q").Count().Total);
    }

    [Fact]
    public void A_transaction_is_over_once()
    {
        var committed = Settling("q", SettlementKind.Complete, out _);
        Assert.Null(bench.Settle(committed.Commit));
        Assert.Equal(BrokerErrorKind.UnknownTransaction, bench.Settle(committed.Commit)?.Kind);
        committed.Rollback();

        var rolledBack = bench.Broker.Begin();
        rolledBack.Rollback();
        Assert.Contains("was rolled back", bench.Settle(rolledBack.Commit)?.Description);
    }

    private Entity Entity(string address) => bench.Broker.Topology.Find(address)!;

    private BenchReceiver Held(string address)
    {
        bench.Send(address, new MessageProperties());
        return bench.Receive(address, 1);
    }

    private Settlement Settlement(string address, BenchReceiver receiver, SettlementKind kind) =>
        new(bench.Queue(address), receiver.Deliveries[0].LockToken, kind);

    /// <summary>A transaction that settles the one message of a queue.</summary>
    private Transaction Settling(string address, SettlementKind kind, out BenchReceiver receiver)
    {
        receiver = Held(address);
        var transaction = bench.Broker.Begin();
        Assert.Null(transaction.Settle(Entity(address), this, [Settlement(address, receiver, kind)]));
        return transaction;
    }
}
