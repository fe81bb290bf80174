using System.Buffers.Binary;
using System.Diagnostics;
using Amqp;
using Amqp.Framing;

namespace Shop.Bench.Brokers;

/// <summary>What a load of messages met with.</summary>
/// <param name="PerSecond">Messages that arrived per second, of those that were sent after the warm-up.</param>
/// <param name="Milliseconds">From the call that sent each of them to its arrival.</param>
/// <param name="Lost">Messages that the broker acknowledged and that never arrived.</param>
/// <param name="CpuPerThousand">Milliseconds of the broker's CPU per 1,000 messages.</param>
internal sealed record BrokerFigures(double PerSecond, List<double> Milliseconds, long Lost, double CpuPerThousand);

/// <summary>Durable messages of 1 KB through one queue: several producers and consumers, each on a connection of its own.</summary>
internal sealed class BrokerLoad(BrokerProcess broker)
{
    private const int Producers = 4;
    private const int Consumers = 4;
    private const int Outstanding = 250;
    private const int Credit = 500;
    private const int Size = 1024;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_arrivalLimit = TimeSpan.FromSeconds(60);

    private long _sent;
    private long _refused;
    private long _received;

    /// <summary>Sends for a while, as fast as the broker acknowledges or at a rate, and waits for what is on its way.</summary>
    public async Task<BrokerFigures> RunAsync(TimeSpan duration, double? rate, CancellationToken cancellationToken)
    {
        var connections = new List<Connection>();
        try
        {
            var samples = new List<double>[Consumers];
            var counted = Stopwatch.GetTimestamp() + (long)(s_warmUp.TotalSeconds * Stopwatch.Frequency);
            var last = new long[Consumers];
            for (var number = 0; number < Consumers; number++)
            {
                var mine = samples[number] = [];
                var index = number;
                Receive(
                    await ConnectAsync(connections),
                    sentAt =>
                    {
                        var now = Stopwatch.GetTimestamp();
                        if (sentAt >= counted)
                        {
                            mine.Add(Stopwatch.GetElapsedTime(sentAt, now).TotalMilliseconds);
                            last[index] = now;
                        }
                    }
                );
            }

            var cpu = broker.Cpu;
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            ending.CancelAfter(s_warmUp + duration);
            var producing = new List<Task>();
            for (var number = 0; number < Producers; number++)
            {
                var connection = await ConnectAsync(connections);
                producing.Add(
                    Task.Run(
                        () => SendAsync(connection, rate / Producers, long.MaxValue, ending.Token),
                        CancellationToken.None
                    )
                );
            }

            await Task.WhenAll(producing);
            cancellationToken.ThrowIfCancellationRequested();
            await UntilAllArrivedAsync(cancellationToken);
            var used = broker.Cpu - cpu;
            var milliseconds = samples.SelectMany(sample => sample).ToList();
            return new BrokerFigures(
                milliseconds.Count / Stopwatch.GetElapsedTime(counted, last.Max()).TotalSeconds,
                milliseconds,
                _sent - _refused - _received,
                used.TotalMilliseconds / _received * 1000
            );
        }
        finally
        {
            foreach (var connection in connections)
                connection.Close(TimeSpan.FromSeconds(5), null);
        }
    }

    /// <summary>Sends so many messages that nobody receives.</summary>
    public async Task FillAsync(long count, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var connections = new List<Connection>();
        try
        {
            var producing = new List<Task>();
            for (var number = 0; number < Producers; number++)
            {
                var connection = await ConnectAsync(connections);
                producing.Add(
                    Task.Run(
                        () => SendAsync(connection, rate: null, count / Producers, cancellationToken),
                        CancellationToken.None
                    )
                );
            }

            var all = Task.WhenAll(producing);
            while (await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken)) != all)
                progress.Report(Interlocked.Read(ref _sent));
            await all;
            if (_refused > 0)
                throw new TimeoutException($"{broker.Name} refused {_refused} of {_sent} messages.");
        }
        finally
        {
            foreach (var connection in connections)
                connection.Close(TimeSpan.FromSeconds(5), null);
        }
    }

    /// <summary>Receives one message, and how long that took.</summary>
    public async Task<TimeSpan> FirstAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var connections = new List<Connection>();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Receive(await ConnectAsync(connections), _ => arrived.TrySetResult());
        await arrived.Task.WaitAsync(s_arrivalLimit, cancellationToken);
        clock.Stop();
        connections[0].Close(TimeSpan.FromSeconds(5), null);
        return clock.Elapsed;
    }

    private async Task<Session> ConnectAsync(List<Connection> connections)
    {
        var connection = await Connection.Factory.CreateAsync(broker.Address);
        connections.Add(connection);
        return new Session(connection);
    }

    private void Receive(Session session, Action<long> onMessage)
    {
        var link = new ReceiverLink(session, $"consumer-{Guid.NewGuid():N}", broker.Queue);
        link.Start(
            Credit,
            (receiver, message) =>
            {
                onMessage(BinaryPrimitives.ReadInt64LittleEndian(((Data)message.BodySection).Binary));
                receiver.Accept(message);
                Interlocked.Increment(ref _received);
            }
        );
    }

    private async Task SendAsync(Session session, double? rate, long count, CancellationToken ending)
    {
        using var free = new SemaphoreSlim(Outstanding);
        var link = new SenderLink(session, $"producer-{Guid.NewGuid():N}", broker.Queue);
        var clock = Stopwatch.StartNew();
        for (long number = 0; number < count && !ending.IsCancellationRequested; number++)
        {
            if (rate is { } perSecond)
            {
                // In steps of the timer; a step's messages go together.
                while (number >= clock.Elapsed.TotalSeconds * perSecond && !ending.IsCancellationRequested)
                    await Task.Delay(1, CancellationToken.None);
            }

            try
            {
                await free.WaitAsync(ending);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            link.Send(NewMessage(), null, OnOutcome, free);
            Interlocked.Increment(ref _sent);
        }

        // Every message is answered for before this ends.
        using var limit = new CancellationTokenSource(s_arrivalLimit);
        for (var outstanding = 0; outstanding < Outstanding; outstanding++)
            await free.WaitAsync(limit.Token);
    }

    private void OnOutcome(ILink link, Message message, Outcome outcome, object state)
    {
        if (outcome is not Accepted)
            Interlocked.Increment(ref _refused);
        ((SemaphoreSlim)state).Release();
    }

    private static Message NewMessage()
    {
        var body = new byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(body, Stopwatch.GetTimestamp());
        return new Message
        {
            Header = new Header { Durable = true },
            BodySection = new Data { Binary = body },
        };
    }

    private async Task UntilAllArrivedAsync(CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_arrivalLimit; await Task.Delay(50, cancellationToken))
        {
            if (Interlocked.Read(ref _received) >= Interlocked.Read(ref _sent) - Interlocked.Read(ref _refused))
                return;
        }
    }
}
