using Azure.Messaging.ServiceBus;

namespace Shop.Messaging.Tests;

/// <summary>Looks at queues from outside, with the bus's own client.</summary>
internal static class BusReader
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Takes messages from a queue in the order in which they come.</summary>
    public static async Task<IReadOnlyList<ServiceBusReceivedMessage>> TakeAsync(
        this ServiceBusClient client,
        string queue,
        int count
    )
    {
        await using var receiver = client.CreateReceiver(
            queue,
            new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete }
        );
        var taken = new List<ServiceBusReceivedMessage>();
        while (taken.Count < count)
        {
            var received = await receiver.ReceiveMessagesAsync(count - taken.Count, TimeSpan.FromSeconds(20), Cancel);
            Assert.True(received.Count > 0, $"Only {taken.Count} of {count} came to {queue}.");
            taken.AddRange(received);
        }

        return taken;
    }

    /// <summary>What is in a queue at the moment, scheduled and locked messages too.</summary>
    public static async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(
        this ServiceBusClient client,
        string queue
    )
    {
        await using var receiver = client.CreateReceiver(queue);
        return await receiver.PeekMessagesAsync(100, cancellationToken: Cancel);
    }

    public static Task WaitUntilEmptyAsync(this ServiceBusClient client, string queue) =>
        Eventually.GetAsync(
            $"{queue} to be empty",
            async () => (await client.PeekAsync(queue)).Count,
            count => count == 0
        );

    /// <summary>Waits for a dead letter and leaves it as it is.</summary>
    public static async Task<ServiceBusReceivedMessage> PeekDeadLetterAsync(this ServiceBusClient client, string queue)
    {
        await using var receiver = client.CreateReceiver(
            queue,
            new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }
        );
        var letter = await Eventually.GetAsync(
            $"a dead letter of {queue}",
            () => receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellationToken: Cancel),
            letter => letter is not null
        );
        return letter!;
    }

    public static async Task SendAsync(this ServiceBusClient client, string queue, params ServiceBusMessage[] messages)
    {
        await using var sender = client.CreateSender(queue);
        await sender.SendMessagesAsync(messages, Cancel);
    }

    /// <summary>A message as another context would send it.</summary>
    public static ServiceBusMessage Message(string id, string body, string type = Ping.Type) =>
        new(body)
        {
            MessageId = id,
            Subject = type,
            CorrelationId = "order-1",
            ContentType = "application/json",
            ApplicationProperties = { ["cloudEvents:type"] = type },
        };
}
