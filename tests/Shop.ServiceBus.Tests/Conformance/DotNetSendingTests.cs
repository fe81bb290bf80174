using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

public sealed class DotNetSendingTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncDisposable
{
    private readonly ServiceBusClient client = new(fixture.ConnectionString);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    [Fact]
    public async Task Application_properties_keep_their_dotnet_types()
    {
        var properties = new Dictionary<string, object>
        {
            ["number"] = 42,
            ["large"] = 4_200_000_000_000L,
            ["amount"] = 12.5m,
            ["id"] = Guid.Parse("0194f7a4-6f8e-7c4e-9d2a-1b6f0c3e5d7a"),
            // The SDK has types of its own for these three.
            ["at"] = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
            ["after"] = TimeSpan.FromMinutes(3),
            ["where"] = new Uri("https://shop.example/"),
        };
        var message = new ServiceBusMessage("x") { TimeToLive = TimeSpan.FromHours(1) };
        foreach (var (name, value) in properties)
        {
            message.ApplicationProperties[name] = value;
        }

        await SendAsync(client, "queue-1", message);
        await using var receiver = client.CreateReceiver("queue-1");
        var received = await ReceiveAsync(receiver);

        Assert.Equal(properties, received.ApplicationProperties);
        Assert.Equal(TimeSpan.FromHours(1), received.TimeToLive);
    }

    [Fact]
    public async Task A_batch_takes_as_much_as_a_link_and_arrives_in_its_order()
    {
        await using var sender = client.CreateSender("queue-2");
        using var batch = await sender.CreateMessageBatchAsync(Cancelled);
        List<string> added = [];
        while (batch.TryAddMessage(new ServiceBusMessage(new byte[10_000]) { MessageId = $"{added.Count}" }))
        {
            added.Add($"{added.Count}");
        }

        Assert.Equal(1024 * 1024, batch.MaxSizeInBytes);
        Assert.InRange(batch.SizeInBytes, 1_000_000, batch.MaxSizeInBytes);
        await sender.SendMessagesAsync(batch, Cancelled);

        await using var receiver = client.CreateReceiver("queue-2");
        Assert.Equal(added, (await ReceiveAsync(receiver, added.Count)).Select(message => message.MessageId));
    }

    [Fact]
    public async Task A_scheduled_message_in_a_batch_comes_at_its_time_and_the_others_at_once()
    {
        var due = DateTimeOffset.UtcNow.AddSeconds(2);
        await SendAsync(
            client,
            "queue-3",
            new ServiceBusMessage("later") { ScheduledEnqueueTime = due },
            new ServiceBusMessage("now")
        );
        await using var receiver = client.CreateReceiver("queue-3");

        Assert.Equal("now", (await ReceiveAsync(receiver)).Body.ToString());
        var peeked = await receiver.PeekMessageAsync(fromSequenceNumber: 0, Cancelled);
        Assert.Equal(ServiceBusMessageState.Scheduled, peeked?.State);

        var later = await ReceiveAsync(receiver);
        Assert.Equal("later", later.Body.ToString());
        // On the wire, times are whole milliseconds.
        Assert.Equal(due.ToUnixTimeMilliseconds(), later.ScheduledEnqueueTime.ToUnixTimeMilliseconds());
        Assert.True(
            later.EnqueuedTime.ToUnixTimeMilliseconds() >= due.ToUnixTimeMilliseconds(),
            $"It came at {later.EnqueuedTime:O}, and was due at {due:O}."
        );
    }
}
