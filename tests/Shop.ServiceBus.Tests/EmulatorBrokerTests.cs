using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorBrokerTests
{
    private static readonly MessageProperties Plain = new() { MessageId = "1" };

    [Fact]
    public void A_message_is_neither_acknowledged_nor_delivered_before_it_is_durable()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        var receiver = bench.Receive("q", credit: 1);
        var acknowledged = false;

        bench.SendUncommitted("q", Plain, _ => acknowledged = true);
        Assert.False(acknowledged);
        Assert.Empty(receiver.Deliveries);

        bench.Commit();
        Assert.True(acknowledged);
        Assert.Single(receiver.Deliveries);
    }

    [Fact]
    public void A_receiver_gets_no_more_than_its_credit()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        var receiver = bench.Receive("q", credit: 2);

        for (var i = 0; i < 3; i++)
        {
            bench.Send("q", Plain);
        }

        Assert.Equal(2, receiver.Deliveries.Count);
        receiver.Consumer.AddCredit(1);
        Assert.Equal(3, receiver.Deliveries.Count);
    }

    [Fact]
    public void Receivers_with_credit_take_turns()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        BenchReceiver[] receivers = [bench.Receive("q", credit: 10), bench.Receive("q", credit: 10)];

        for (var i = 0; i < 4; i++)
        {
            bench.Send("q", Plain);
        }

        Assert.Equal([2, 2], receivers.Select(receiver => receiver.Deliveries.Count));
    }

    [Fact]
    public void A_drain_delivers_what_is_there_and_then_says_so()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        bench.Send("q", Plain);
        var receiver = bench.Receive("q", credit: 10);

        receiver.Consumer.Drain();
        bench.Send("q", Plain);

        Assert.Single(receiver.Deliveries);
        Assert.Equal(1, receiver.Drains);
    }

    [Fact]
    public void A_drain_in_receive_and_delete_ends_behind_what_is_under_way()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        bench.Send("q", Plain);
        var receiver = new BenchReceiver(bench.Queue("q"), ReceiveMode.ReceiveAndDelete);

        receiver.Consumer.AddCredit(2);
        receiver.Consumer.Drain();
        Assert.Equal(0, receiver.Drains);

        bench.Commit();
        Assert.Single(receiver.Deliveries);
        Assert.Equal(1, receiver.Drains);
    }

    [Fact]
    public void A_lock_that_expires_makes_the_message_available_again_and_cannot_be_used()
    {
        using var bench = new BrokerBench("""{ "Name": "q", "Properties": { "LockDuration": "PT30S" } }""");
        bench.Send("q", Plain);
        var receiver = bench.Receive("q", credit: 2);
        var first = receiver.Deliveries.Single();

        bench.Pass(TimeSpan.FromSeconds(31));

        var second = receiver.Deliveries[1];
        Assert.Equal(1, second.DeliveryCount);
        Assert.Equal(
            BrokerErrorKind.LockLost,
            bench.Settle(done => bench.Queue("q").Complete(first.LockToken, done))?.Kind
        );
        Assert.Null(bench.Settle(done => bench.Queue("q").Complete(second.LockToken, done)));
        Assert.Equal(0, bench.Queue("q").Count().Total);
    }

    [Fact]
    public void A_renewed_lock_lasts_from_the_renewal_on()
    {
        using var bench = new BrokerBench("""{ "Name": "q", "Properties": { "LockDuration": "PT30S" } }""");
        bench.Send("q", Plain);
        var receiver = bench.Receive("q", credit: 2);
        var token = receiver.Deliveries.Single().LockToken;

        bench.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(bench.Time.GetUtcNow().AddSeconds(30), bench.Queue("q").RenewLock(token));
        bench.Pass(TimeSpan.FromSeconds(20));

        Assert.Single(receiver.Deliveries);
        Assert.Null(bench.Settle(done => bench.Queue("q").Complete(token, done)));
    }

    [Fact]
    public void A_message_released_by_its_receiver_keeps_its_count_and_its_place()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        bench.Send("q", Plain);
        bench.Send("q", Plain);
        var receiver = bench.Receive("q", credit: 1);

        bench.Queue("q").Release(receiver.Deliveries[0].LockToken);
        receiver.Consumer.AddCredit(1);

        Assert.Equal(1, receiver.Deliveries[1].Message.SequenceNumber);
        Assert.Equal(0, receiver.Deliveries[1].DeliveryCount);
    }

    [Fact]
    public void The_last_attempt_makes_a_dead_letter_with_the_reason()
    {
        using var bench = new BrokerBench(
            """{ "Name": "q", "Properties": { "MaxDeliveryCount": 1, "LockDuration": "PT5S" } }"""
        );
        bench.Send("q", Plain);
        bench.Receive("q", credit: 5);

        bench.Pass(TimeSpan.FromSeconds(6));

        var dead = bench.Receive("q/$deadletterqueue", credit: 1).Deliveries.Single().Message;
        Assert.Equal("MaxDeliveryCountExceeded", dead.ChangedProperties["DeadLetterReason"]);
        Assert.Equal("q", dead.DeadLetterSource);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void An_expired_message_is_a_dead_letter_only_if_the_queue_says_so(bool deadLetters, int expected)
    {
        using var bench = new BrokerBench(
            $$"""{ "Name": "q", "Properties": { "DefaultMessageTimeToLive": "PT1M", "DeadLetteringOnMessageExpiration": {{(deadLetters ? "true" : "false")}} } }"""
        );
        bench.Send("q", Plain with { TimeToLive = TimeSpan.FromHours(1) });

        bench.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal(0, bench.Queue("q").Count().Total);
        Assert.Equal(expected, bench.Queue("q/$deadletterqueue").Count().Total);
    }

    [Theory]
    [InlineData(
        """{ "Name": "q", "Properties": { "DeadLetteringOnMessageExpiration": true, "ForwardDeadLetteredMessagesTo": "in" } }""",
        60,
        60
    )]
    [InlineData(
        """{ "Name": "q", "Properties": { "DeadLetteringOnMessageExpiration": true, "DefaultMessageTimeToLive": "PT1M", "ForwardDeadLetteredMessagesTo": "in" } }""",
        3600,
        600
    )]
    [InlineData(
        """{ "Name": "q", "Properties": { "DeadLetteringOnMessageExpiration": true, "DefaultMessageTimeToLive": "PT1M", "ForwardDeadLetteredMessagesTo": "t" } }""",
        3600,
        600
    )]
    [InlineData(
        """{ "Name": "q", "Properties": { "DeadLetteringOnMessageExpiration": true, "DefaultMessageTimeToLive": "PT1M", "ForwardDeadLetteredMessagesTo": "relay" } }""",
        300,
        300
    )]
    public void Time_to_live_starts_again_where_a_dead_letter_is_forwarded_to(
        string queue,
        int timeToLive,
        int expected
    )
    {
        const string limit = """ "Properties": { "DefaultMessageTimeToLive": "PT10M" } """;
        using var bench = new BrokerBench(
            $$"""{{queue}}, { "Name": "in", {{limit}} }, { "Name": "relay", "Properties": { "ForwardTo": "in" } }""",
            $$"""{ "Name": "t", "Subscriptions": [ { "Name": "s", {{limit}} } ] }"""
        );
        bench.Send("q", Plain with { TimeToLive = TimeSpan.FromSeconds(timeToLive) });

        bench.Pass(TimeSpan.FromMinutes(1));

        var target = bench.Queue(queue.Contains("\"t\"", StringComparison.Ordinal) ? "t/Subscriptions/s" : "in");
        var forwarded = target.Peek(0, 10).Single().Message;
        Assert.Equal(bench.Time.GetUtcNow(), forwarded.EnqueuedAt);
        Assert.Equal(bench.Time.GetUtcNow().AddSeconds(expected), forwarded.ExpiresAt);
        Assert.Equal("q", forwarded.DeadLetterSource);
        Assert.Equal("TTLExpiredException", forwarded.ChangedProperties["DeadLetterReason"]);
        Assert.Equal(0, forwarded.DeliveryCount);
        bench.Pass(TimeSpan.FromSeconds(expected));
        Assert.Equal(0, target.Count().Total);
    }

    [Fact]
    public void Scheduled_messages_come_in_the_order_in_which_they_are_due()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        var now = bench.Time.GetUtcNow();
        bench.Send("q", new() { MessageId = "b", ScheduledEnqueueTime = now.AddSeconds(20) });
        bench.Send("q", new() { MessageId = "a", ScheduledEnqueueTime = now.AddSeconds(10) });
        var receiver = bench.Receive("q", credit: 5);

        Assert.Empty(receiver.Deliveries);
        bench.Pass(TimeSpan.FromSeconds(10));
        Assert.Single(receiver.Deliveries);
        bench.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(
            "a, b",
            string.Join(", ", receiver.Deliveries.Select(d => d.Message.Content.Properties.MessageId))
        );
    }

    [Fact]
    public void A_subscription_gets_one_copy_of_what_any_of_its_rules_lets_through()
    {
        const string rule =
            """{ "Name": "r{0}", "Properties": { "FilterType": "Correlation", "CorrelationFilter": { "Label": "{1}" } } }""";
        var rules = rule.Replace("{0}", "1").Replace("{1}", "a") + "," + rule.Replace("{0}", "2").Replace("{1}", "b");
        using var bench = new BrokerBench(
            """{ "Name": "in" }""",
            $$"""{ "Name": "t", "Subscriptions": [ { "Name": "s", "Properties": { "ForwardTo": "in" }, "Rules": [ {{rules}} ] } ] }"""
        );

        bench.Send("t", new() { Subject = "a" });
        bench.Send("t", new() { Subject = "b" });
        bench.Send("t", new() { Subject = "c" });

        Assert.Equal(2, bench.Queue("in").Count().Total);
        Assert.Equal(0, bench.Queue("t/Subscriptions/s").Count().Total);
    }

    [Fact]
    public void Receive_and_delete_delivers_only_what_is_durably_gone()
    {
        using var bench = new BrokerBench("""{ "Name": "q" }""");
        bench.Send("q", Plain);
        var receiver = new BenchReceiver(bench.Queue("q"), ReceiveMode.ReceiveAndDelete);

        receiver.Consumer.AddCredit(1);
        Assert.Empty(receiver.Deliveries);

        bench.Commit();
        Assert.Single(receiver.Deliveries);
        Assert.Equal(0, bench.Queue("q").Count().Total);
    }
}
