using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Shop.Testing;

namespace Shop.Messaging.Tests;

/// <summary>The bus is killed with <c>kill -9</c> again and again while a module relays, receives and handles.</summary>
public sealed class BusCrashTests(InfrastructureFixture databases)
{
    private const int Kills = 25;
    private const int MostEffectsBetweenKills = 100;
    private const int Batch = 10;

    // More than any message can be in the hands of the receiver when the bus is killed.
    private const int MaxDeliveryCount = 2 * Kills;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_handlers_effect_happens_once_however_often_the_bus_is_killed()
    {
        await using var bus = new BusFixture(MaxDeliveryCount);
        await bus.InitializeAsync();
        await using var module = await Module.CreateAsync(
            databases,
            bus,
            services => services.AddSingleton(_ => Hasty(bus.ConnectionString)),
            Module.Patient with
            {
                OutboxPoll = TimeSpan.FromMilliseconds(200),
                SendLimit = TimeSpan.FromSeconds(1),
                MaxRelayPause = TimeSpan.FromMilliseconds(200),
            }
        );
        await module.StartAsync();
        using var enough = new CancellationTokenSource();
        var sending = SendUntilEnoughAsync(module, enough.Token);

        // Where in the load a kill comes is random; the seed is printed to have the same again.
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var killAt = await CountAsync(module) + random.Next(1, MostEffectsBetweenKills);
            await HasEffectsAsync(module, killAt);
            await bus.KillAsync();
            await bus.StartAsync();
        }

        await enough.CancelAsync();
        var sent = await sending;
        await HasEffectsAsync(module, sent);
        await bus.Client.WaitUntilEmptyAsync(module.Name.Queue);

        var effects = await module.EntriesAsync();
        Assert.Equal(Enumerable.Range(0, sent).Select(number => $"ping {number}").Order(), effects.Order());
        await using var dead = bus.Client.CreateReceiver(
            module.Name.Queue,
            new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }
        );
        Assert.Empty(await dead.PeekMessagesAsync(10, 0, Cancel));
    }

    /// <summary>A client that does not wait long before it looks whether the bus is back.</summary>
    private static ServiceBusClient Hasty(string connectionString) =>
        new(
            connectionString,
            new ServiceBusClientOptions
            {
                RetryOptions = new ServiceBusRetryOptions
                {
                    Mode = ServiceBusRetryMode.Fixed,
                    Delay = TimeSpan.FromMilliseconds(100),
                    TryTimeout = TimeSpan.FromSeconds(10),
                },
            }
        );

    private static async Task<int> SendUntilEnoughAsync(Module module, CancellationToken enough)
    {
        var next = 0;
        while (!enough.IsCancellationRequested)
        {
            await module.SendAsync([.. Enumerable.Range(next, Batch)]);
            next += Batch;
            // The bus is to be killed with messages under way, not buried under them.
            await Eventually.GetAsync(
                "the handlers to keep up",
                () => CountAsync(module),
                done => next - done < MostEffectsBetweenKills || enough.IsCancellationRequested
            );
        }

        return next;
    }

    private static Task<int> HasEffectsAsync(Module module, int least) =>
        Eventually.GetAsync($"{least} effects", () => CountAsync(module), done => done >= least);

    private static Task<int> CountAsync(Module module) => module.CountAsync("\"Entries\"");
}
