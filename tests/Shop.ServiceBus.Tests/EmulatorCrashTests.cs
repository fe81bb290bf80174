using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;

namespace Shop.ServiceBus.Tests;

/// <summary>Kills the emulator with <c>kill -9</c> under load, again and again, and counts what is left.</summary>
public sealed class EmulatorCrashTests
{
    private const int Kills = 25;
    private const int MostAcknowledgedBetweenKills = 200;
    private const string Queue = "queue-1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, bool> acknowledged = new();
    private readonly ConcurrentDictionary<string, bool> accepted = new();
    private readonly ConcurrentDictionary<string, bool> completed = new();
    private int next;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_completed_comes_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, cancellation);

        // Where in the load a kill comes is random; the seed is printed to have the same again.
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);

        for (var kill = 1; kill <= Kills; kill++)
        {
            var killAt = acknowledged.Count + random.Next(1, MostAcknowledgedBetweenKills);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] clients =
            [
                SendUntilCutOffAsync(emulator, killAt, enough),
                SendUntilCutOffAsync(emulator, killAt, enough),
                CompleteUntilCutOffAsync(emulator),
            ];
            await enough.Task.WaitAsync(Limit, cancellation);
            await emulator.KillAsync(cancellation);
            await Task.WhenAll(clients).WaitAsync(Limit, cancellation);
            await emulator.StartAsync(cancellation);
        }

        var left = await DrainAsync(emulator);
        Assert.NotEmpty(completed);
        Assert.NotEmpty(left);
        Assert.DoesNotContain(left, completed.ContainsKey);
        Assert.All(
            acknowledged.Keys,
            id => Assert.True(left.Contains(id) || accepted.ContainsKey(id), $"{id} is lost")
        );
    }

    private async Task SendUntilCutOffAsync(EmulatorProcess emulator, int killAt, TaskCompletionSource enough)
    {
        try
        {
            var session = await ConnectAsync(emulator);
            var sender = new SenderLink(session, $"s-{Guid.NewGuid()}", Queue);
            async Task SendAsync(string id)
            {
                await sender.SendAsync(Message(id), Limit);
                acknowledged[id] = true;
                if (acknowledged.Count >= killAt)
                {
                    enough.TrySetResult();
                }
            }

            while (true)
            {
                var ids = Enumerable.Range(0, 10).Select(_ => $"m-{Interlocked.Increment(ref next)}").ToList();
                await Task.WhenAll(ids.Select(SendAsync));
            }
        }
        catch (Exception exception) when (IsCutOff(exception))
        {
            // The emulator was killed; what was not acknowledged may be there or not.
        }
    }

    /// <summary>
    /// Frames are handled in order and the journal keeps that order: when a message that was sent behind some completions is
    /// acknowledged, they are durable too.
    /// </summary>
    private async Task CompleteUntilCutOffAsync(EmulatorProcess emulator)
    {
        try
        {
            var session = await ConnectAsync(emulator);
            var marker = new SenderLink(session, $"k-{Guid.NewGuid()}", "queue-2");
            var receiver = new ReceiverLink(session, $"r-{Guid.NewGuid()}", Queue);
            receiver.SetCredit(20);
            while (true)
            {
                List<string> ids = [];
                for (var i = 0; i < 5; i++)
                {
                    if (await receiver.ReceiveAsync(Limit) is { } message)
                    {
                        var id = message.Properties.MessageId;
                        Assert.False(completed.ContainsKey(id), $"{id} came back");
                        accepted[id] = true;
                        receiver.Accept(message);
                        ids.Add(id);
                    }
                }

                await marker.SendAsync(Message("marker"), Limit);
                ids.ForEach(id => completed[id] = true);
            }
        }
        catch (Exception exception) when (IsCutOff(exception))
        {
            // Killed: the last few may or may not be completed.
        }
    }

    private static async Task<HashSet<string>> DrainAsync(EmulatorProcess emulator)
    {
        var session = await ConnectAsync(emulator);
        // The end of the queue is where a message sent now comes out.
        var sender = new SenderLink(session, "end", Queue);
        await sender.SendAsync(Message("end"), Limit);
        var receiver = new ReceiverLink(session, "drain", Queue);
        receiver.SetCredit(100);
        HashSet<string> ids = [];
        while (true)
        {
            var message =
                await receiver.ReceiveAsync(Limit) ?? throw new TimeoutException("The end of the queue did not come.");
            receiver.Accept(message);
            if (message.Properties.MessageId == "end")
            {
                await session.Connection.CloseAsync();
                return ids;
            }

            ids.Add(message.Properties.MessageId);
        }
    }

    private static async Task<Session> ConnectAsync(EmulatorProcess emulator) => new(await emulator.ConnectAsync());

    private static Message Message(string id) =>
        new(new string('x', 500)) { Properties = new Properties { MessageId = id } };

    private static bool IsCutOff(Exception exception) =>
        exception
            is AmqpException
                or ObjectDisposedException
                or OperationCanceledException
                or IOException
                or System.Net.Sockets.SocketException
                or TimeoutException;
}
