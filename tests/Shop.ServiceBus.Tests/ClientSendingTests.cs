using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

public sealed class ClientSendingTests : ClientTest, IAsyncLifetime
{
    private ClientBroker _broker = null!;
    private ServiceBusClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await ClientBroker.StartAsync(["orders"]);
        _client = _broker.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_message_arrives_with_everything_it_was_given()
    {
        await using var sender = _client.CreateSender("orders");
        var at = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
        var id = Guid.CreateVersion7();
        await sender.SendMessageAsync(
            new ServiceBusMessage("{\"total\":12.5}")
            {
                MessageId = "m-1",
                CorrelationId = "order-7",
                Subject = "shop.ordering.order-created.v1",
                ContentType = "application/json",
                To = "billing",
                ReplyTo = "ordering",
                TimeToLive = TimeSpan.FromHours(1),
                ApplicationProperties =
                {
                    ["text"] = "ü",
                    ["number"] = 42,
                    ["large"] = 4_200_000_000_000L,
                    ["yes"] = true,
                    ["ratio"] = 0.25,
                    ["id"] = id,
                    ["at"] = at,
                    ["after"] = TimeSpan.FromMinutes(3),
                    ["where"] = new Uri("https://shop.example/"),
                },
            },
            Cancelled
        );

        await using var receiver = _client.CreateReceiver("orders");
        var message = await ReceiveAsync(receiver);

        Assert.Equal("{\"total\":12.5}", message.Body.ToString());
        Assert.Equal("m-1", message.MessageId);
        Assert.Equal("order-7", message.CorrelationId);
        Assert.Equal("shop.ordering.order-created.v1", message.Subject);
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal("billing", message.To);
        Assert.Equal("ordering", message.ReplyTo);
        Assert.Equal(TimeSpan.FromHours(1), message.TimeToLive);
        Assert.Equal("ü", message.ApplicationProperties["text"]);
        Assert.Equal(42, message.ApplicationProperties["number"]);
        Assert.Equal(4_200_000_000_000L, message.ApplicationProperties["large"]);
        Assert.Equal(true, message.ApplicationProperties["yes"]);
        Assert.Equal(0.25, message.ApplicationProperties["ratio"]);
        Assert.Equal(id, message.ApplicationProperties["id"]);
        Assert.Equal(at, message.ApplicationProperties["at"]);
        Assert.Equal(TimeSpan.FromMinutes(3), message.ApplicationProperties["after"]);
        Assert.Equal(new Uri("https://shop.example/"), message.ApplicationProperties["where"]);
        Assert.Equal(1, message.DeliveryCount);
        Assert.True(message.SequenceNumber > 0);
        Assert.NotEqual(Guid.Empty, Guid.Parse(message.LockToken));
        Assert.True(message.LockedUntil > message.EnqueuedTime);
    }

    [Fact]
    public async Task Many_messages_sent_together_arrive_in_their_order()
    {
        await using var sender = _client.CreateSender("orders");
        await sender.SendMessagesAsync(
            Enumerable.Range(0, 500).Select(number => new ServiceBusMessage($"{number}")),
            Cancelled
        );

        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"{number}"), await BodiesAsync(500));
    }

    [Fact]
    public async Task A_batch_takes_messages_until_it_is_full_and_sends_what_it_took()
    {
        await using var sender = _client.CreateSender("orders");
        using var batch = await sender.CreateMessageBatchAsync(
            new CreateMessageBatchOptions { MaxSizeInBytes = 10_000 },
            Cancelled
        );
        var added = 0;
        while (batch.TryAddMessage(new ServiceBusMessage(new byte[1000]) { MessageId = $"{added}" }))
        {
            added++;
        }

        Assert.InRange(added, 5, 9);
        Assert.Equal(added, batch.Count);
        Assert.InRange(batch.SizeInBytes, added * 1000, batch.MaxSizeInBytes);

        await sender.SendMessagesAsync(batch, Cancelled);
        Assert.Equal(added, (await BodiesAsync(added)).Count);
    }

    [Fact]
    public async Task A_message_larger_than_the_entity_takes_is_refused_with_its_reason()
    {
        await using var sender = _client.CreateSender("orders");
        using var batch = await sender.CreateMessageBatchAsync(Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage(new byte[batch.MaxSizeInBytes + 1]), Cancelled)
        );

        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, error.Reason);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task A_large_message_travels_in_many_frames()
    {
        var body = new byte[200_000];
        new Random(7).NextBytes(body);
        await using var sender = _client.CreateSender("orders");
        await sender.SendMessageAsync(new ServiceBusMessage(body), Cancelled);

        await using var receiver = _client.CreateReceiver("orders");
        Assert.Equal(body, (await ReceiveAsync(receiver)).Body.ToArray());
    }

    [Fact]
    public async Task A_scheduled_message_comes_at_its_time_and_not_before()
    {
        await using var sender = _client.CreateSender("orders");
        await using var receiver = _client.CreateReceiver("orders");
        // AMQP counts in milliseconds.
        var due = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddSeconds(2).ToUnixTimeMilliseconds());
        var number = await sender.ScheduleMessageAsync(new ServiceBusMessage("later"), due, Cancelled);

        Assert.True(number > 0);
        Assert.Null(await receiver.ReceiveMessageAsync(Moment, Cancelled));
        var peeked = await receiver.PeekMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(ServiceBusMessageState.Scheduled, peeked?.State);

        var message = await ReceiveAsync(receiver);
        Assert.Equal("later", message.Body.ToString());
        Assert.Equal(due.ToUnixTimeMilliseconds(), message.ScheduledEnqueueTime.ToUnixTimeMilliseconds());
        Assert.True(message.EnqueuedTime.AddMilliseconds(50) >= due, $"Came at {message.EnqueuedTime:O}, due {due:O}.");
    }

    [Fact]
    public async Task Scheduled_messages_that_were_cancelled_are_gone()
    {
        await using var sender = _client.CreateSender("orders");
        await using var receiver = _client.CreateReceiver("orders");
        var numbers = await sender.ScheduleMessagesAsync(
            [new ServiceBusMessage("a"), new ServiceBusMessage("b"), new ServiceBusMessage("c")],
            DateTimeOffset.UtcNow.AddHours(1),
            Cancelled
        );
        Assert.Equal(3, numbers.Distinct().Count());

        await sender.CancelScheduledMessagesAsync(numbers.Take(2), Cancelled);

        var left = await receiver.PeekMessagesAsync(3, cancellationToken: Cancelled);
        Assert.Equal(["c"], left.Select(message => message.Body.ToString()));
        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            sender.CancelScheduledMessageAsync(numbers[0], Cancelled)
        );
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, error.Reason);
    }

    [Fact]
    public async Task A_message_sent_to_a_topic_comes_to_its_subscription()
    {
        await using var sender = _client.CreateSender("events");
        await sender.SendMessageAsync(new ServiceBusMessage("news"), Cancelled);

        await using var receiver = _client.CreateReceiver("events", "all");
        Assert.Equal("events/Subscriptions/all", receiver.EntityPath);
        Assert.Equal("news", (await ReceiveAsync(receiver)).Body.ToString());
    }

    private async Task<List<string>> BodiesAsync(int count)
    {
        await using var receiver = _client.CreateReceiver(
            "orders",
            new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete }
        );
        List<string> bodies = [];
        while (bodies.Count < count)
        {
            var messages = await receiver.ReceiveMessagesAsync(count, Limit, Cancelled);
            Assert.True(messages.Count > 0, $"Only {bodies.Count} of {count} messages came.");
            bodies.AddRange(messages.Select(message => message.Body.ToString()));
        }

        return bodies;
    }
}
