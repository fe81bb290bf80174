using Amqp;
using Amqp.Framing;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBus.Tests;

/// <summary>What counts as a duplicate, for how long, and what a crash makes of it.</summary>
public sealed class EmulatorDuplicateTests
{
    private const string Detecting =
        """{ "Name": "q", "Properties": { "RequiresDuplicateDetection": true, "DuplicateDetectionHistoryTimeWindow": "PT1M" } }""";
    private static readonly MessageProperties Message = new() { MessageId = "1" };
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void An_id_counts_as_long_as_the_window_from_its_first_message_on()
    {
        using var bench = new BrokerBench(Detecting);
        bench.Send("q", Message);
        bench.Pass(TimeSpan.FromSeconds(59));
        bench.Send("q", Message);
        Assert.Equal(1, bench.Queue("q").Count().Total);

        bench.Pass(TimeSpan.FromSeconds(1));
        bench.Send("q", Message);

        Assert.Equal(2, bench.Queue("q").Count().Total);
    }

    [Fact]
    public void What_is_remembered_is_bounded_by_the_window()
    {
        using var bench = new BrokerBench(Detecting);
        for (var i = 0; i < 1000; i++)
        {
            bench.Send("q", new() { MessageId = $"{i}" });
        }

        bench.Pass(TimeSpan.FromMinutes(1));
        bench.Send("q", Message);

        Assert.Equal(["1"], bench.Queue("q").Duplicates!.Durable(bench.Time.GetUtcNow()).Select(seen => seen.Id));
    }

    [Fact]
    public void A_duplicate_is_acknowledged_only_when_its_original_is_durable()
    {
        using var bench = new BrokerBench(Detecting);
        var acknowledged = 0;
        bench.SendUncommitted("q", Message, _ => acknowledged++);

        bench.SendUncommitted("q", Message, _ => acknowledged++);
        Assert.Equal(0, acknowledged);
        Assert.Empty(bench.Queue("q").Duplicates!.Durable(bench.Time.GetUtcNow()));

        bench.Commit();
        Assert.Equal(2, acknowledged);
        Assert.Equal(1, bench.Queue("q").Count().Total);
    }

    [Fact]
    public void A_queue_that_others_forward_to_drops_their_duplicates()
    {
        using var bench = new BrokerBench(
            Detecting + """, { "Name": "relay", "Properties": { "ForwardTo": "q", "RequiresSession": false } }"""
        );

        bench.Send("q", Message);
        bench.Send("relay", Message);

        Assert.Equal(1, bench.Queue("q").Count().Total);
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_a_duplicate_after_it()
    {
        await using var emulator = await EmulatorProcess.StartAsync(
            EmulatorFixture.Configuration,
            TestContext.Current.CancellationToken
        );
        List<string> acknowledged = [];
        for (var round = 0; round < 3; round++)
        {
            var next = acknowledged.Count;
            await SendAsync(emulator, [.. acknowledged, .. Enumerable.Range(next, 50).Select(i => $"m-{i}")]);
            acknowledged.AddRange(Enumerable.Range(next, 50).Select(i => $"m-{i}"));
            await emulator.KillAsync(TestContext.Current.CancellationToken);
            await emulator.StartAsync(TestContext.Current.CancellationToken);
            Assert.Contains($"Recovered {acknowledged.Count} messages from ", emulator.Output);
        }

        await SendAsync(emulator, [.. acknowledged, "last"]);

        Assert.Equal([.. acknowledged, "last"], await ReceiveAsync(emulator));
    }

    private static async Task SendAsync(EmulatorProcess emulator, IReadOnlyList<string> ids)
    {
        var connection = await emulator.ConnectAsync();
        var sender = new SenderLink(new Session(connection), "sender", "once-3");
        await Task.WhenAll(
            ids.Select(id =>
                sender.SendAsync(new Message("x") { Properties = new Properties { MessageId = id } }, Limit)
            )
        );
        await connection.CloseAsync();
    }

    private static async Task<List<string>> ReceiveAsync(EmulatorProcess emulator)
    {
        var connection = await emulator.ConnectAsync();
        var receiver = new ReceiverLink(new Session(connection), "receiver", "once-3");
        List<string> ids = [];
        while (ids.LastOrDefault() != "last" && await receiver.ReceiveAsync(Limit) is { } message)
        {
            receiver.Accept(message);
            ids.Add(message.Properties.MessageId);
        }

        await connection.CloseAsync();
        return ids;
    }
}
