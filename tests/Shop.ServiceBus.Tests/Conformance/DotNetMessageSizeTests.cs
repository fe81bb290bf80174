using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

/// <summary>The size that a queue or a topic allows for a message, as the official SDK sees it.</summary>
public sealed class DotNetMessageSizeTests : SdkTest, IAsyncLifetime
{
    private const int Kilobyte = 1024;

    private const string Configuration = """
        {
          "UserConfig": {
            "Namespaces": [
              {
                "Queues": [
                  { "Name": "usual" },
                  { "Name": "small", "Properties": { "MaxMessageSizeInKilobytes": 256 } },
                  { "Name": "large", "Properties": { "MaxMessageSizeInKilobytes": 102400 } },
                  { "Name": "sessions", "Properties": { "MaxMessageSizeInKilobytes": 3072, "RequiresSession": true } }
                ],
                "Topics": [
                  {
                    "Name": "small-topic",
                    "Properties": { "MaxMessageSizeInKilobytes": 256 },
                    "Subscriptions": [ { "Name": "s" } ]
                  },
                  {
                    "Name": "large-topic",
                    "Properties": { "MaxMessageSizeInKilobytes": 4096 },
                    "Subscriptions": [ { "Name": "s" } ]
                  }
                ]
              }
            ]
          }
        }
        """;

    private EmulatorProcess emulator = null!;
    private ServiceBusClient client = null!;

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorProcess.StartAsync(Configuration, Cancelled);
        client = new ServiceBusClient(emulator.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("usual", 1000)]
    [InlineData("small", 250)]
    [InlineData("large", 2048)]
    [InlineData("large", 40_000)]
    [InlineData("small-topic", 250)]
    [InlineData("large-topic", 4000)]
    public async Task A_message_that_is_not_too_large_arrives_whole(string entity, int kilobytes)
    {
        var body = new byte[kilobytes * Kilobyte];
        Random.Shared.NextBytes(body);
        await SendAsync(client, entity, new ServiceBusMessage(body));
        await using var receiver = entity.EndsWith("topic", StringComparison.Ordinal)
            ? client.CreateReceiver(entity, "s")
            : client.CreateReceiver(entity);

        var message = await ReceiveAsync(receiver);

        Assert.True(message.Body.ToMemory().Span.SequenceEqual(body), "The body is another one.");
        await receiver.DeadLetterMessageAsync(message, cancellationToken: Cancelled);
    }

    [Theory]
    [InlineData("usual", 1025)]
    [InlineData("small", 257)]
    [InlineData("small", 600)]
    [InlineData("small-topic", 600)]
    [InlineData("large-topic", 4097)]
    [InlineData("large", 102_401)]
    public async Task A_message_that_is_too_large_is_refused(string entity, int kilobytes)
    {
        await using var sender = client.CreateSender(entity);
        var message = new ServiceBusMessage(new byte[kilobytes * Kilobyte]);

        await RefusedAsync(() => sender.SendMessageAsync(message, Cancelled));
        await RefusedAsync(() => sender.ScheduleMessageAsync(message, DateTimeOffset.UtcNow.AddHours(1), Cancelled));
        await sender.SendMessageAsync(new ServiceBusMessage("small"), Cancelled);
    }

    [Fact]
    public async Task A_large_message_can_be_scheduled_and_comes_whole()
    {
        await using var sender = client.CreateSender("large");
        await sender.ScheduleMessageAsync(
            new ServiceBusMessage(new byte[2048 * Kilobyte]),
            DateTimeOffset.UtcNow.AddSeconds(1),
            Cancelled
        );
        await using var receiver = client.CreateReceiver("large");

        Assert.Equal(2048 * Kilobyte, (await ReceiveAsync(receiver)).Body.ToMemory().Length);
    }

    [Theory]
    [InlineData("usual", 1024)]
    [InlineData("small", 256)]
    [InlineData("small-topic", 256)]
    [InlineData("large-topic", 4096)]
    public async Task A_batch_takes_as_much_as_a_message_may_have(string entity, int kilobytes)
    {
        await using var sender = client.CreateSender(entity);
        using var batch = await sender.CreateMessageBatchAsync(Cancelled);
        // The SDK makes no batches above 1 MB, whatever the link allows.
        var limit = Math.Min(kilobytes, 1024) * Kilobyte;

        Assert.Equal(limit, batch.MaxSizeInBytes);
        while (batch.TryAddMessage(new ServiceBusMessage(new byte[20 * Kilobyte]))) { }

        Assert.InRange(batch.SizeInBytes, limit - 21 * Kilobyte, limit);
        await sender.SendMessagesAsync(batch, Cancelled);
        var messages = Enumerable
            .Range(0, kilobytes / 100 + 1)
            .Select(_ => new ServiceBusMessage(new byte[100 * Kilobyte]))
            .ToList();
        await RefusedAsync(() => sender.SendMessagesAsync(messages, Cancelled));
    }

    [Fact]
    public async Task A_session_keeps_a_state_as_large_as_a_message()
    {
        await using var receiver = await client.AcceptSessionAsync("sessions", "s", cancellationToken: Cancelled);
        var state = new BinaryData(new byte[3072 * Kilobyte]);

        await receiver.SetSessionStateAsync(state, Cancelled);

        Assert.Equal(3072 * Kilobyte, (await receiver.GetSessionStateAsync(Cancelled)).ToMemory().Length);
        await Assert.ThrowsAnyAsync<Exception>(() =>
            receiver.SetSessionStateAsync(new BinaryData(new byte[3073 * Kilobyte]), Cancelled)
        );
    }

    private static async Task RefusedAsync(Func<Task> send)
    {
        var exception = await Assert.ThrowsAsync<ServiceBusException>(send);
        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, exception.Reason);
    }
}
