using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

public sealed class ClientSessionProcessorTests : ClientTest, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private ClientBroker _broker = null!;
    private ServiceBusClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await ClientBroker.StartAsync(["orders"], lockDuration: "PT5S", sessions: true);
        _client = _broker.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Sessions_are_handled_side_by_side_and_each_in_order()
    {
        const int Sessions = 12;
        const int Messages = 10;
        var handled = new ConcurrentDictionary<string, ConcurrentQueue<string>>();
        var running = new ConcurrentDictionary<string, bool>();
        var overlaps = 0;
        var left = Sessions * Messages;
        var begun = 0;
        var ended = 0;
        var all = Signal();
        await using var processor = SessionProcessor(
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
            new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 4, SessionIdleTimeout = Soon }
        );
        processor.SessionInitializingAsync += _ =>
        {
            Interlocked.Increment(ref begun);
            return Task.CompletedTask;
        };
        processor.SessionClosingAsync += _ =>
        {
            Interlocked.Increment(ref ended);
            return Task.CompletedTask;
        };
        string[] order = [.. Enumerable.Range(0, Messages).Select(number => $"{number}")];
        foreach (var session in Enumerable.Range(0, Sessions))
        {
            await SendAsync($"session {session}", order);
        }

        await processor.StartProcessingAsync(Cancelled);
        Assert.True(processor.IsProcessing);
        await all.Task.WaitAsync(Limit, Cancelled);
        await processor.CloseAsync(Cancelled);

        Assert.False(processor.IsProcessing);
        Assert.Equal(Sessions, handled.Count);
        Assert.All(handled.Values, bodies => Assert.Equal(order, bodies));
        Assert.Equal(0, overlaps);
        Assert.True(begun >= Sessions);
        Assert.Equal(begun, ended);
    }

    [Fact]
    public async Task A_message_whose_handler_fails_comes_again_before_the_next()
    {
        var bodies = new ConcurrentQueue<string>();
        var errors = new ConcurrentQueue<ProcessErrorEventArgs>();
        var done = Signal();
        await using var processor = SessionProcessor(
            args =>
            {
                bodies.Enqueue(args.Message.Body.ToString());
                if (bodies.Count == 1)
                {
                    throw new InvalidOperationException("not yet");
                }

                if (bodies.Count == 3)
                {
                    done.TrySetResult();
                }

                return Task.CompletedTask;
            },
            errors: errors.Enqueue
        );
        await SendAsync("a", "1", "2");
        await processor.StartProcessingAsync(Cancelled);
        await done.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        Assert.Equal(["1", "1", "2"], bodies);
        Assert.Equal("not yet", Assert.Single(errors).Exception.Message);
        Assert.Equal(ServiceBusErrorSource.ProcessMessageCallback, errors.Single().ErrorSource);
    }

    [Fact]
    public async Task A_released_session_makes_room_for_the_next_at_once()
    {
        var sessions = new ConcurrentQueue<string>();
        var both = Signal();
        await using var processor = SessionProcessor(
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
        await SendAsync("a", "1");
        await SendAsync("b", "2");
        await processor.StartProcessingAsync(Cancelled);
        await both.Task.WaitAsync(Limit, Cancelled);

        Assert.Equal(["a", "b"], sessions.Order());
    }

    [Fact]
    public async Task Only_the_named_sessions_are_handled()
    {
        var handled = Signal<string>();
        await using var processor = SessionProcessor(
            args =>
            {
                handled.TrySetResult(args.SessionId);
                return Task.CompletedTask;
            },
            new ServiceBusSessionProcessorOptions { SessionIds = { "b" } }
        );
        await SendAsync("a", "1");
        await SendAsync("b", "2");
        await processor.StartProcessingAsync(Cancelled);

        Assert.Equal("b", await handled.Task.WaitAsync(Limit, Cancelled));
        await processor.StopProcessingAsync(Cancelled);
        await using var receiver = await _client.AcceptNextSessionAsync("orders", cancellationToken: Cancelled);
        Assert.Equal("a", receiver.SessionId);
    }

    [Fact]
    public async Task The_lock_of_a_session_is_renewed_while_its_handler_runs()
    {
        var until = Signal<DateTimeOffset>();
        var errors = new ConcurrentQueue<ProcessErrorEventArgs>();
        await using var processor = SessionProcessor(
            async args =>
            {
                var first = args.SessionLockedUntil;
                while (args.SessionLockedUntil <= first)
                {
                    await Task.Delay(50, args.CancellationToken);
                }

                until.TrySetResult(args.SessionLockedUntil);
            },
            errors: errors.Enqueue
        );
        await SendAsync("a", "1");
        await processor.StartProcessingAsync(Cancelled);
        await until.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_handler_hears_that_its_session_was_lost_and_the_message_comes_again()
    {
        var started = Signal();
        var lost = Signal<SessionLockLostEventArgs>();
        var again = Signal();
        var runs = 0;
        await using var processor = SessionProcessor(async args =>
        {
            if (Interlocked.Increment(ref runs) > 1)
            {
                again.TrySetResult();
                return;
            }

            args.SessionLockLostAsync += lostArgs =>
            {
                lost.TrySetResult(lostArgs);
                return Task.CompletedTask;
            };
            started.TrySetResult();
            await Task.Delay(Limit, args.CancellationToken);
        });
        await SendAsync("a", "1");
        await processor.StartProcessingAsync(Cancelled);
        await started.Task.WaitAsync(Limit, Cancelled);

        // A broker that starts anew knows of no locks.
        await _broker.KillAsync();
        await _broker.StartAsync();

        var heard = await lost.Task.WaitAsync(Limit, Cancelled);
        Assert.Equal("1", heard.Message.Body.ToString());
        await again.Task.WaitAsync(Limit, Cancelled);
    }

    private ServiceBusSessionProcessor SessionProcessor(
        Func<ProcessSessionMessageEventArgs, Task> handler,
        ServiceBusSessionProcessorOptions? options = null,
        Action<ProcessErrorEventArgs>? errors = null
    )
    {
        var processor = _client.CreateSessionProcessor("orders", options ?? new ServiceBusSessionProcessorOptions());
        processor.ProcessMessageAsync += handler;
        processor.ProcessErrorAsync += args =>
        {
            errors?.Invoke(args);
            return Task.CompletedTask;
        };
        return processor;
    }

    private async Task SendAsync(string sessionId, params string[] bodies)
    {
        await using var sender = _client.CreateSender("orders");
        await sender.SendMessagesAsync(
            bodies.Select(body => new ServiceBusMessage(body) { SessionId = sessionId }),
            Cancelled
        );
    }
}
