using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

/// <summary>Dead letters that are forwarded, as the official SDK sees them.</summary>
public sealed class DotNetForwardingTests : SdkTest
{
    private const string Configuration = """
        {
          "UserConfig": {
            "Namespaces": [
              {
                "Queues": [
                  {
                    "Name": "own",
                    "Properties": {
                      "DeadLetteringOnMessageExpiration": true,
                      "DefaultMessageTimeToLive": "PT1S",
                      "ForwardDeadLetteredMessagesTo": "audit"
                    }
                  },
                  {
                    "Name": "sender",
                    "Properties": { "DeadLetteringOnMessageExpiration": true, "ForwardDeadLetteredMessagesTo": "audit" }
                  },
                  {
                    "Name": "over",
                    "Properties": { "DeadLetteringOnMessageExpiration": true, "ForwardDeadLetteredMessagesTo": "relay" }
                  },
                  { "Name": "relay", "Properties": { "ForwardTo": "audit" } },
                  { "Name": "audit" },
                  { "Name": "kept", "Properties": { "DeadLetteringOnMessageExpiration": true } }
                ]
              }
            ]
          }
        }
        """;

    [Theory]
    [InlineData("own", 3600)]
    [InlineData("sender", 2)]
    [InlineData("over", 2)]
    public async Task An_expired_message_that_is_forwarded_lives_again_as_long_as_it_says(string queue, int seconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync(Configuration, Cancelled);
        await using var client = new ServiceBusClient(emulator.ConnectionString);
        var timeToLive = TimeSpan.FromSeconds(seconds);
        await SendAsync(client, queue, new ServiceBusMessage("late") { TimeToLive = timeToLive });
        await using var receiver = client.CreateReceiver("audit");

        var message = await ReceiveAsync(receiver);

        Assert.Equal("late", message.Body.ToString());
        Assert.Equal("TTLExpiredException", message.DeadLetterReason);
        Assert.Equal(queue, message.DeadLetterSource);
        Assert.Equal(timeToLive, message.TimeToLive);
        Assert.True(message.ExpiresAt > DateTimeOffset.UtcNow, $"It expired at {message.ExpiresAt:O}.");
        Assert.Equal(message.EnqueuedTime + timeToLive, message.ExpiresAt, TimeSpan.FromMilliseconds(5));
        await receiver.CompleteMessageAsync(message, Cancelled);
    }

    [Fact]
    public async Task A_dead_letter_that_stays_keeps_its_times()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Configuration, Cancelled);
        await using var client = new ServiceBusClient(emulator.ConnectionString);
        var sent = DateTimeOffset.UtcNow;
        await SendAsync(client, "kept", new ServiceBusMessage("late") { TimeToLive = TimeSpan.FromSeconds(1) });
        await using var receiver = client.CreateReceiver("kept", DeadLetters);

        var message = await ReceiveAsync(receiver);

        Assert.Equal("TTLExpiredException", message.DeadLetterReason);
        Assert.InRange(message.EnqueuedTime, sent.AddMilliseconds(-1), sent.AddMilliseconds(800));
        Assert.Equal(message.EnqueuedTime.AddSeconds(1), message.ExpiresAt, TimeSpan.FromMilliseconds(5));
    }
}
