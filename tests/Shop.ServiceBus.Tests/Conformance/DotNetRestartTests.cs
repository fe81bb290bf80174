using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

/// <summary>The emulator is killed and started again while clients are at work.</summary>
public sealed class DotNetRestartTests : SdkTest
{
    [Fact]
    public async Task Senders_receivers_and_processors_go_on_after_a_restart()
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        await using var client = CreateClient(emulator);
        await using var sender = client.CreateSender("queue-1");
        await using var receiver = client.CreateReceiver("queue-2");
        // By id: a message that was handled but not completed at the kill comes again, rightly.
        var handled = new ConcurrentDictionary<string, TaskCompletionSource>();
        await using var processor = Processor(
            client,
            "queue-1",
            args =>
            {
                Handled(args.Message.MessageId).TrySetResult();
                return Task.CompletedTask;
            },
            new ServiceBusProcessorOptions { MaxConcurrentCalls = 4, PrefetchCount = 4 }
        );
        await processor.StartProcessingAsync(Cancelled);
        await SendAndHandleAsync("before");
        await SendAsync(client, "queue-2", new ServiceBusMessage("kept"));

        await emulator.KillAsync(Cancelled);
        var sending = sender.SendMessageAsync(new ServiceBusMessage { MessageId = "meanwhile" }, Cancelled);
        var receiving = ReceiveAsync(receiver);
        await emulator.StartAsync(Cancelled);

        await sending.WaitAsync(Limit, Cancelled);
        Assert.Equal("kept", (await receiving).Body.ToString());
        await HandledAsync("meanwhile");
        await SendAndHandleAsync("after");

        TaskCompletionSource Handled(string id) => handled.GetOrAdd(id, _ => Signal());

        Task HandledAsync(string id) => Handled(id).Task.WaitAsync(Limit, Cancelled);

        async Task SendAndHandleAsync(string id)
        {
            await sender.SendMessageAsync(new ServiceBusMessage { MessageId = id }, Cancelled);
            await HandledAsync(id);
        }
    }

    [Fact]
    public async Task A_session_goes_on_with_the_message_that_a_restart_interrupted()
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        await using var client = CreateClient(emulator);
        var bodies = new ConcurrentQueue<string>();
        var (started, restarted, done) = (Signal(), Signal(), Signal());
        await using var processor = SessionProcessor(
            client,
            "sessions-1",
            async args =>
            {
                bodies.Enqueue(args.Message.Body.ToString());
                if (started.TrySetResult())
                {
                    await restarted.Task.WaitAsync(Limit, Cancelled);
                }
                else if (args.Message.Body.ToString() == "2")
                {
                    done.TrySetResult();
                }
            }
        );
        await SendAsync(
            client,
            "sessions-1",
            new ServiceBusMessage("1") { SessionId = "s" },
            new ServiceBusMessage("2") { SessionId = "s" }
        );
        await processor.StartProcessingAsync(Cancelled);
        await started.Task.WaitAsync(Limit, Cancelled);

        await emulator.KillAsync(Cancelled);
        await emulator.StartAsync(Cancelled);
        restarted.SetResult();

        await done.Task.WaitAsync(Limit, Cancelled);
        // The lock of the session is gone with the restart, so the first handling does not count.
        Assert.Equal(["1", "1", "2"], bodies);
    }

    /// <summary>A client that tries again soon, and until the emulator is back.</summary>
    private static ServiceBusClient CreateClient(EmulatorProcess emulator) =>
        new(
            emulator.ConnectionString,
            new ServiceBusClientOptions
            {
                RetryOptions = new ServiceBusRetryOptions
                {
                    MaxRetries = 20,
                    Delay = TimeSpan.FromMilliseconds(200),
                    MaxDelay = TimeSpan.FromSeconds(1),
                },
            }
        );
}
