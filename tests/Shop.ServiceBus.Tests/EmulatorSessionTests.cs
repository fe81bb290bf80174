using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBus.Tests;

/// <summary>Sessions where time and the journal stand still: who gets which, in which order, for how long.</summary>
public sealed class EmulatorSessionTests : IDisposable
{
    private readonly BrokerBench bench = new(
        """{ "Name": "q", "Properties": { "RequiresSession": true, "LockDuration": "PT30S", "MaxDeliveryCount": 2 } }"""
    );

    [Fact]
    public void The_next_session_is_the_one_that_has_waited_longest_and_is_free()
    {
        Send("b", "a", "c");
        bench.Accept("q", "b");

        Assert.Equal("a", bench.Accept("q", null).Consumer.Session?.Id);
        Assert.Equal("c", bench.Accept("q", null).Consumer.Session?.Id);
        Assert.False(bench.Accept("q", null).Accepted.Answered);
    }

    [Fact]
    public void A_receiver_that_waits_gets_the_first_session_with_a_message_and_one_that_has_given_up_gets_none()
    {
        var patient = bench.Accept("q", null);
        var gone = bench.Accept("q", null);
        bench.Pass(TimeSpan.FromSeconds(2));
        gone.Consumer.Close();

        Send("s", "t");

        Assert.Equal("s", patient.Consumer.Session?.Id);
        Assert.False(gone.Accepted.Answered);
        Assert.Equal("t", bench.Accept("q", null).Consumer.Session?.Id);
    }

    [Fact]
    public void A_wait_ends_at_its_limit()
    {
        var receiver = bench.Accept("q", null);

        bench.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(BrokerErrorKind.Timeout, receiver.Accepted.Error?.Kind);
    }

    [Fact]
    public void A_session_that_is_held_too_long_is_lost_and_what_was_held_counts_as_an_attempt()
    {
        Send("s", "s");
        var slow = bench.Accept("q", "s");
        slow.Consumer.AddCredit(1);

        bench.Pass(TimeSpan.FromSeconds(30));

        Assert.True(slow.HasLostSession);
        var next = bench.Accept("q", null);
        next.Consumer.AddCredit(2);
        Assert.Equal([1, 0], next.Deliveries.Select(delivery => delivery.DeliveryCount));
        Assert.Equal(
            BrokerErrorKind.LockLost,
            bench.Settle(done => bench.Queue("q").Complete(slow.Deliveries[0].LockToken, done))?.Kind
        );
    }

    [Fact]
    public void A_renewed_session_keeps_its_messages_and_only_its_link_renews_it()
    {
        Send("s");
        var receiver = bench.Accept("q", "s", "mine");
        receiver.Consumer.AddCredit(1);
        bench.Pass(TimeSpan.FromSeconds(20));

        Assert.Null(bench.Queue("q").RenewSessionLock("s", "another"));
        Assert.Equal(bench.Time.GetUtcNow().AddSeconds(30), bench.Queue("q").RenewSessionLock("s", "mine"));
        bench.Pass(TimeSpan.FromSeconds(20));

        Assert.Null(bench.Settle(done => bench.Queue("q").Complete(receiver.Deliveries[0].LockToken, done)));
        bench.Pass(TimeSpan.FromSeconds(10));
        Assert.True(receiver.HasLostSession);
    }

    [Fact]
    public void Nothing_overtakes_a_message_that_is_on_its_way_back()
    {
        Send("s", "s");
        var receiver = bench.Accept("q", "s");
        receiver.Consumer.AddCredit(1);

        bench.Queue("q").Abandon(receiver.Deliveries[0].LockToken, null, _ => { });
        receiver.Consumer.AddCredit(2);
        Assert.Single(receiver.Deliveries);

        bench.Commit();
        Assert.Equal([1L, 1L, 2L], receiver.Deliveries.Select(delivery => delivery.Message.SequenceNumber));
    }

    [Fact]
    public void When_a_receiver_leaves_the_next_one_starts_with_what_it_held()
    {
        Send("s", "s");
        var first = bench.Accept("q", "s");
        first.Consumer.AddCredit(2);
        var waiting = bench.Accept("q", null);

        first.Consumer.Close();
        bench.Commit();
        waiting.Consumer.AddCredit(2);

        Assert.Equal([0, 0], waiting.Deliveries.Select(delivery => delivery.DeliveryCount));
        Assert.Equal([1L, 2L], waiting.Deliveries.Select(delivery => delivery.Message.SequenceNumber));
    }

    [Fact]
    public void Sessions_are_listed_by_their_messages_or_by_when_their_state_was_set()
    {
        Send("c", "a", "b");
        var before = bench.Time.GetUtcNow();
        bench.Pass(TimeSpan.FromSeconds(1));
        bench.Settle(done => bench.Queue("q").SetSessionState("z", [1], done));

        Assert.Equal(["a", "b", "c"], bench.Queue("q").ListSessions(null, 0, 10));
        Assert.Equal(["b"], bench.Queue("q").ListSessions(null, 1, 1));
        Assert.Equal(["z"], bench.Queue("q").ListSessions(before, 0, 10));
        Assert.Empty(bench.Queue("q").ListSessions(bench.Time.GetUtcNow(), 0, 10));
    }

    public void Dispose() => bench.Dispose();

    private void Send(params string[] sessions)
    {
        foreach (var session in sessions)
        {
            bench.Send("q", new MessageProperties { SessionId = session });
        }
    }
}
