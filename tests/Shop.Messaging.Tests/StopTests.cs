using Microsoft.Extensions.DependencyInjection;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>A process that is told to stop finishes what it has begun, and holds nothing that others wait for.</summary>
public sealed class StopTests(InfrastructureFixture databases, BusFixture bus)
{
    private const string TurnsHeld = """
        pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Transport.ServiceBus)]
    [InlineData(Transport.InProcess)]
    public async Task A_handler_at_work_finishes_and_its_message_does_not_come_again(Transport transport)
    {
        await using var observer = await Module.CreateAsync(databases, bus, transport: transport);
        var stopped = observer.Replica(bus);
        stopped.Script.OnPing = async turn =>
        {
            _begun.TrySetResult();
            await _mayEnd.Task;
            turn.Note("handled");
        };
        await stopped.StartAsync();
        await stopped.SendAsync(1);
        await _begun.Task.WaitAsync(Cancel);

        var stopping = stopped.DisposeAsync().AsTask();
        _mayEnd.SetResult();
        await stopping;

        Assert.Equal(["handled"], await observer.EntriesAsync());
        Assert.Empty(
            transport == Transport.ServiceBus
                ? (await bus.Client.PeekAsync(observer.Name.Queue)).Select(message => message.MessageId)
                : Enumerable.Repeat("", await observer.CountAsync("queue_messages"))
        );
    }

    [Fact]
    public async Task A_relay_at_work_finishes_its_batch_and_leaves_its_turn_to_others()
    {
        var sender = new PausedSender(_begun, _mayEnd.Task);
        var stopped = await Module.CreateAsync(
            databases,
            bus,
            services => services.AddSingleton<IOutboxSender>(sender)
        );
        await stopped.StartAsync();
        await stopped.SendAsync(1, 2);
        await _begun.Task.WaitAsync(Cancel);
        Assert.Equal(1, await stopped.CountAsync(TurnsHeld));

        var stopping = stopped.DisposeAsync().AsTask();
        _mayEnd.SetResult();
        await stopping;

        Assert.Equal(0, await stopped.CountAsync("outbox_messages"));
        Assert.Equal(0, await stopped.CountAsync(TurnsHeld));
        Assert.Equal(2, sender.Sent);
    }

    private sealed class PausedSender(TaskCompletionSource begun, Task mayEnd) : IOutboxSender
    {
        public int Sent { get; private set; }

        public async Task SendAsync(
            string destination,
            string source,
            IReadOnlyList<OutboxMessage> messages,
            List<Guid> sent,
            CancellationToken cancellationToken
        )
        {
            begun.TrySetResult();
            await mayEnd.WaitAsync(cancellationToken);
            foreach (var message in messages)
                sent.Add(message.Id);
            Sent += messages.Count;
        }
    }
}
