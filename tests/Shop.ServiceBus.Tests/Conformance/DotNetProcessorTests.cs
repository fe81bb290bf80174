using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

public sealed class DotNetProcessorTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncDisposable
{
    private readonly ServiceBusClient client = new(fixture.ConnectionString);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    [Fact]
    public async Task Every_message_is_handled_once_and_completed()
    {
        const int Count = 200;
        var handled = new ConcurrentQueue<string>();
        var all = Signal();
        await using var processor = Processor(
            client,
            "queue-1",
            args =>
            {
                handled.Enqueue(args.Message.MessageId);
                if (handled.Count == Count)
                {
                    all.TrySetResult();
                }

                return Task.CompletedTask;
            },
            new ServiceBusProcessorOptions { MaxConcurrentCalls = 8, PrefetchCount = 20 }
        );
        await processor.StartProcessingAsync(Cancelled);
        string[] ids = [.. Enumerable.Range(0, Count).Select(number => $"{number:D3}")];
        await SendAsync(client, "queue-1", [.. ids.Select(id => new ServiceBusMessage { MessageId = id })]);

        await all.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        Assert.Equal(ids, handled.Order());
        await AssertEmptyAsync("queue-1");
    }

    [Fact]
    public async Task The_lock_of_a_message_is_renewed_while_its_handler_runs()
    {
        var handled = Signal();
        var deliveries = 0;
        await using var processor = Processor(
            client,
            "brief",
            async args =>
            {
                Interlocked.Increment(ref deliveries);
                var end = args.Message.LockedUntil;
                while (args.Message.LockedUntil <= end || DateTimeOffset.UtcNow <= end)
                {
                    await Task.Delay(50, args.CancellationToken);
                }

                handled.TrySetResult();
            },
            // A second delivery would be handled at the same time.
            new ServiceBusProcessorOptions { MaxConcurrentCalls = 2 }
        );
        await SendAsync(client, "brief", new ServiceBusMessage("x"));
        await processor.StartProcessingAsync(Cancelled);

        await handled.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        Assert.Equal(1, deliveries);
        await AssertEmptyAsync("brief");
    }

    [Fact]
    public async Task A_message_that_is_abandoned_comes_again_until_it_is_a_dead_letter_and_holds_up_no_other()
    {
        var deliveries = new ConcurrentQueue<int>();
        var others = new CountdownEvent(10);
        await using var processor = Processor(
            client,
            "orders",
            async args =>
            {
                if (args.Message.MessageId == "poison")
                {
                    deliveries.Enqueue(args.Message.DeliveryCount);
                    await args.AbandonMessageAsync(args.Message);
                    return;
                }

                await args.CompleteMessageAsync(args.Message);
                others.Signal();
            },
            new ServiceBusProcessorOptions
            {
                AutoCompleteMessages = false,
                MaxConcurrentCalls = 4,
                PrefetchCount = 4,
            }
        );
        await processor.StartProcessingAsync(Cancelled);
        await SendAsync(
            client,
            "orders",
            [
                new ServiceBusMessage { MessageId = "poison" },
                .. Enumerable.Range(0, 10).Select(number => new ServiceBusMessage { MessageId = $"{number}" }),
            ]
        );

        await using var deadLetters = client.CreateReceiver("orders", DeadLetters);
        var dead = await ReceiveAsync(deadLetters);

        Assert.Equal("poison", dead.MessageId);
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.Equal([1, 2, 3], deliveries);
        Assert.True(others.Wait(Limit, Cancelled), $"{others.CurrentCount} other messages were not handled.");
    }

    [Fact]
    public async Task A_processor_that_closes_gives_back_what_it_fetched_ahead()
    {
        var started = Signal();
        await using var processor = Processor(
            client,
            "queue-2",
            async args =>
            {
                started.TrySetResult();
                await Task.Delay(Limit, args.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            new ServiceBusProcessorOptions { PrefetchCount = 10 }
        );
        string[] ids = ["1", "2", "3", "4", "5"];
        await SendAsync(client, "queue-2", [.. ids.Select(id => new ServiceBusMessage { MessageId = id })]);
        await processor.StartProcessingAsync(Cancelled);
        await started.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        // A lock lasts 1 minute, which is longer than this waits.
        await using var receiver = client.CreateReceiver("queue-2");
        var left = await ReceiveAsync(receiver, 4);
        Assert.Equal(["2", "3", "4", "5"], left.Select(message => message.MessageId));
        Assert.All(left, message => Assert.Equal(1, message.DeliveryCount));
    }

    private async Task AssertEmptyAsync(string queue)
    {
        await using var receiver = client.CreateReceiver(queue);
        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
    }
}
