using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

public sealed class ClientProcessorTests : ClientTest, IAsyncLifetime
{
    private ClientBroker _broker = null!;
    private ServiceBusClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await ClientBroker.StartAsync(["orders"], lockDuration: "PT5S", maxDeliveryCount: 3);
        _client = _broker.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Every_message_is_handled_once_and_completed()
    {
        var bodies = new ConcurrentBag<string>();
        var all = Signal();
        await using var processor = Processor(
            _client,
            "orders",
            args =>
            {
                bodies.Add(args.Message.Body.ToString());
                if (bodies.Count == 200)
                {
                    all.TrySetResult();
                }

                return Task.CompletedTask;
            },
            new ServiceBusProcessorOptions { MaxConcurrentCalls = 8, PrefetchCount = 20 }
        );
        await processor.StartProcessingAsync(Cancelled);
        Assert.True(processor.IsProcessing);
        await SendAsync(200);
        await all.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        Assert.Equal(200, bodies.Distinct().Count());
        Assert.False(processor.IsProcessing);
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task As_many_handlers_as_allowed_run_at_the_same_time_and_no_more()
    {
        var running = 0;
        var most = 0;
        var four = Signal();
        var go = Signal();
        var done = new CountdownEvent(12);
        await using var processor = Processor(
            _client,
            "orders",
            async args =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (now == 4)
                {
                    four.TrySetResult();
                }

                await go.Task.WaitAsync(Limit, args.CancellationToken);
                Interlocked.Decrement(ref running);
                done.Signal();
            },
            new ServiceBusProcessorOptions { MaxConcurrentCalls = 4 }
        );
        await SendAsync(12);
        await processor.StartProcessingAsync(Cancelled);
        await four.Task.WaitAsync(Limit, Cancelled);
        go.SetResult();
        Assert.True(done.Wait(Limit, Cancelled), "Not all messages were handled.");

        Assert.Equal(4, most);
    }

    [Fact]
    public async Task The_lock_of_a_slow_handlers_message_is_renewed()
    {
        var handled = Signal<ServiceBusReceivedMessage>();
        var deliveries = 0;
        await using var processor = Processor(
            _client,
            "orders",
            async args =>
            {
                Interlocked.Increment(ref deliveries);
                // Longer than the lock of 5 s.
                await Task.Delay(TimeSpan.FromSeconds(7), args.CancellationToken);
                handled.TrySetResult(args.Message);
            }
        );
        await SendAsync(1);
        await processor.StartProcessingAsync(Cancelled);
        await handled.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        Assert.Equal(1, deliveries);
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task A_message_whose_handler_fails_is_tried_again_and_ends_as_a_dead_letter()
    {
        var errors = new ConcurrentQueue<ProcessErrorEventArgs>();
        await using var processor = Processor(
            _client,
            "orders",
            _ => throw new InvalidOperationException("cannot"),
            errors: errors.Enqueue
        );
        await SendAsync(1);
        await processor.StartProcessingAsync(Cancelled);

        await using var deadLetters = _client.CreateReceiver(
            "orders",
            new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }
        );
        var dead = await ReceiveAsync(deadLetters);

        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.Equal(3, errors.Count);
        Assert.All(
            errors,
            error =>
            {
                Assert.Equal(ServiceBusErrorSource.ProcessMessageCallback, error.ErrorSource);
                Assert.Equal("cannot", error.Exception.Message);
                Assert.Equal("orders", error.EntityPath);
            }
        );
    }

    [Fact]
    public async Task A_handler_may_settle_its_message_itself()
    {
        var settled = Signal();
        var errors = new ConcurrentQueue<ProcessErrorEventArgs>();
        await using var processor = Processor(
            _client,
            "orders",
            async args =>
            {
                await args.DeadLetterMessageAsync(args.Message, "Poison", "no", args.CancellationToken);
                settled.TrySetResult();
            },
            errors: errors.Enqueue
        );
        await SendAsync(1);
        await processor.StartProcessingAsync(Cancelled);
        await settled.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        Assert.Empty(errors);
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task Without_auto_completion_a_message_stays_locked()
    {
        var handled = Signal();
        await using var processor = Processor(
            _client,
            "orders",
            _ =>
            {
                handled.TrySetResult();
                return Task.CompletedTask;
            },
            new ServiceBusProcessorOptions { AutoCompleteMessages = false }
        );
        await SendAsync(1);
        await processor.StartProcessingAsync(Cancelled);
        await handled.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        await using var receiver = _client.CreateReceiver("orders");
        Assert.NotNull(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Stopping_waits_for_the_handler_and_gives_back_what_nobody_handled()
    {
        var started = Signal();
        var finished = false;
        await using var processor = Processor(
            _client,
            "orders",
            async args =>
            {
                started.TrySetResult();
                var stopped = Signal();
                await using var registration = args.CancellationToken.Register(stopped.SetResult);
                await stopped.Task.WaitAsync(Limit, CancellationToken.None);
                finished = true;
            },
            new ServiceBusProcessorOptions { PrefetchCount = 10 }
        );
        await SendAsync(5);
        await processor.StartProcessingAsync(Cancelled);
        await started.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);
        Assert.True(finished);

        await using var receiver = _client.CreateReceiver("orders");
        var left = await receiver.ReceiveMessagesAsync(5, Limit, Cancelled);
        Assert.Equal(4, left.Count);
        Assert.All(left, message => Assert.Equal(1, message.DeliveryCount));
    }

    [Fact]
    public async Task A_processor_can_be_started_again()
    {
        var handled = new SemaphoreSlim(0);
        await using var processor = Processor(
            _client,
            "orders",
            _ =>
            {
                handled.Release();
                return Task.CompletedTask;
            }
        );
        for (var round = 0; round < 2; round++)
        {
            await processor.StartProcessingAsync(Cancelled);
            await SendAsync(1);
            Assert.True(await handled.WaitAsync(Limit, Cancelled), $"Nothing was handled in round {round}.");
            await processor.StopProcessingAsync(Cancelled);
        }
    }

    private async Task SendAsync(int count)
    {
        await using var sender = _client.CreateSender("orders");
        await sender.SendMessagesAsync(
            Enumerable.Range(0, count).Select(number => new ServiceBusMessage($"{number}")),
            Cancelled
        );
    }

    private async Task AssertEmptyAsync()
    {
        await using var receiver = _client.CreateReceiver("orders");
        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; )
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
