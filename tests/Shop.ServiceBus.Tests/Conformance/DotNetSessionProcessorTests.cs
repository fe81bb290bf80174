using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

public sealed class DotNetSessionProcessorTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncDisposable
{
    private readonly ServiceBusClient client = new(fixture.ConnectionString);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    [Fact]
    public async Task Sessions_are_handled_side_by_side_and_each_in_order()
    {
        const int Sessions = 8;
        const int Messages = 10;
        var handled = new ConcurrentDictionary<string, ConcurrentQueue<string>>();
        var running = new ConcurrentDictionary<string, bool>();
        var overlaps = 0;
        var left = Sessions * Messages;
        var all = Signal();
        await using var processor = SessionProcessor(
            client,
            "sessions-1",
            async args =>
            {
                if (!running.TryAdd(args.SessionId, true))
                {
                    Interlocked.Increment(ref overlaps);
                }

                await Task.Yield();
                handled.GetOrAdd(args.SessionId, _ => []).Enqueue(args.Message.Body.ToString());
                running.TryRemove(args.SessionId, out _);
                if (Interlocked.Decrement(ref left) == 0)
                {
                    all.TrySetResult();
                }
            },
            new ServiceBusSessionProcessorOptions
            {
                MaxConcurrentSessions = 4,
                SessionIdleTimeout = TimeSpan.FromMilliseconds(500),
            }
        );
        string[] order = [.. Enumerable.Range(0, Messages).Select(number => $"{number}")];
        foreach (var session in Enumerable.Range(0, Sessions))
        {
            await SendAsync("sessions-1", $"session {session}", order);
        }

        await processor.StartProcessingAsync(Cancelled);
        await all.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        Assert.Equal(Sessions, handled.Count);
        Assert.All(handled.Values, bodies => Assert.Equal(order, bodies));
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task A_released_session_makes_room_for_the_next_at_once()
    {
        var sessions = new ConcurrentQueue<string>();
        var both = Signal();
        await using var processor = SessionProcessor(
            client,
            "sessions-2",
            args =>
            {
                sessions.Enqueue(args.SessionId);
                args.ReleaseSession();
                if (sessions.Count == 2)
                {
                    both.TrySetResult();
                }

                return Task.CompletedTask;
            },
            new ServiceBusSessionProcessorOptions
            {
                MaxConcurrentSessions = 1,
                // Without the release, the first session would be kept for longer than the test waits.
                SessionIdleTimeout = Limit * 3,
            }
        );
        await SendAsync("sessions-2", "a", "1");
        await SendAsync("sessions-2", "b", "2");
        await processor.StartProcessingAsync(Cancelled);
        await both.Task.WaitAsync(Limit, Cancelled);

        Assert.Equal(["a", "b"], sessions.Order());
    }

    [Fact]
    public async Task A_processor_of_named_sessions_leaves_the_others_alone()
    {
        var handled = new ConcurrentQueue<string>();
        var last = Signal();
        await using var processor = SessionProcessor(
            client,
            "sessions-3",
            args =>
            {
                handled.Enqueue(args.SessionId);
                if (args.Message.Body.ToString() == "last")
                {
                    last.TrySetResult();
                }

                return Task.CompletedTask;
            },
            new ServiceBusSessionProcessorOptions { SessionIds = { "b" } }
        );
        await SendAsync("sessions-3", "a", "1");
        await SendAsync("sessions-3", "b", "2", "last");
        await processor.StartProcessingAsync(Cancelled);
        await last.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        Assert.Equal(["b", "b"], handled);
        await using var receiver = await client.AcceptNextSessionAsync("sessions-3", cancellationToken: Cancelled);
        Assert.Equal("a", receiver.SessionId);
        Assert.Equal(1, (await ReceiveAsync(receiver)).DeliveryCount);
    }

    [Fact]
    public async Task The_lock_of_a_session_is_renewed_while_its_handler_runs()
    {
        var handled = Signal();
        var errors = new ConcurrentQueue<ProcessErrorEventArgs>();
        await using var processor = SessionProcessor(
            client,
            "sessions-brief",
            async args =>
            {
                var end = args.SessionLockedUntil;
                while (args.SessionLockedUntil <= end || DateTimeOffset.UtcNow <= end)
                {
                    await Task.Delay(50, args.CancellationToken);
                }

                handled.TrySetResult();
            },
            errors: errors.Enqueue
        );
        await SendAsync("sessions-brief", "a", "1");
        await processor.StartProcessingAsync(Cancelled);
        await handled.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        Assert.Empty(errors.Select(error => error.Exception.Message));
        await using var receiver = client.CreateReceiver("sessions-brief");
        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
    }

    private Task SendAsync(string queue, string sessionId, params string[] bodies) =>
        SendAsync(client, queue, [.. bodies.Select(body => new ServiceBusMessage(body) { SessionId = sessionId })]);
}
