using System.Diagnostics;
using System.Globalization;

namespace Shop.Bench.Brokers;

/// <summary>
/// The emulator beside RabbitMQ and ActiveMQ in one run, with the same client: throughput in rounds that take turns, latency
/// at half of it, and how long the emulator takes to recover a long journal.
/// </summary>
internal static class BrokerBench
{
    private const int Rounds = 3;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(8);

    public static async Task<int> RunAsync(int journalled, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new TimeoutException("This measurement reads /proc: it needs Linux.");
        var lost = await CompareAsync(cancellationToken);
        await RecoverAsync(journalled, cancellationToken);
        return lost == 0 ? 0 : 1;
    }

    private static async Task<long> CompareAsync(CancellationToken cancellationToken)
    {
        var brokers = new List<BrokerProcess>();
        try
        {
            foreach (
                BrokerProcess broker in (BrokerProcess[])
                    [new EmulatorBroker(), new RabbitMqBroker(), new ActiveMqBroker()]
            )
            {
                if (broker.Missing is { } missing)
                {
                    Console.WriteLine(missing);
                    await broker.DisposeAsync();
                    continue;
                }

                brokers.Add(broker);
                await broker.StartAsync(cancellationToken);
            }

            Console.WriteLine(
                $"1 KB durable messages, 4 producers and 4 consumers, {Rounds} rounds of {s_duration.TotalSeconds:0} s each, as fast as they go"
            );
            var rounds = brokers.ToDictionary(broker => broker, _ => new List<BrokerFigures>());
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var broker in brokers)
                {
                    var figures = await new BrokerLoad(broker).RunAsync(s_duration, rate: null, cancellationToken);
                    rounds[broker].Add(figures);
                    Report(broker, figures);
                }
            }

            Console.WriteLine("at half of its median");
            foreach (var broker in brokers)
            {
                var figures = await new BrokerLoad(broker).RunAsync(
                    s_duration,
                    Median(rounds[broker]) / 2,
                    cancellationToken
                );
                rounds[broker].Add(figures);
                Report(broker, figures);
            }

            var best = brokers
                .Where(broker => broker is not EmulatorBroker)
                .Select(broker => Median(rounds[broker][..Rounds]))
                .DefaultIfEmpty()
                .Max();
            var own = Median(rounds[brokers[0]][..Rounds]);
            Console.WriteLine(
                best == 0
                    ? $"emulator {own:N0}/s; there is nothing to compare it with"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"emulator {own:N0}/s, the best other {best:N0}/s: {own / best:0.00} times"
                    )
            );
            return rounds.Values.SelectMany(figures => figures).Sum(figures => figures.Lost);
        }
        finally
        {
            foreach (var broker in brokers)
                await broker.DisposeAsync();
        }
    }

    private static async Task RecoverAsync(int count, CancellationToken cancellationToken)
    {
        await using var broker = new EmulatorBroker();
        await broker.StartAsync(cancellationToken);
        Console.WriteLine($"filling the emulator with {count:N0} messages");
        var load = new BrokerLoad(broker);
        await load.FillAsync(count, new Progress<long>(sent => Console.WriteLine($"  {sent:N0}")), cancellationToken);
        await broker.KillAsync();
        var clock = Stopwatch.StartNew();
        await broker.StartAsync(cancellationToken);
        var listening = clock.Elapsed;
        var first = await load.FirstAsync(cancellationToken);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"after kill -9: listens after {listening.TotalSeconds:0.0} s, first message {first.TotalSeconds:0.0} s later"
            )
        );
        if (broker.Recovery is { } recovery)
            Console.WriteLine($"  {recovery}");
    }

    private static double Median(List<BrokerFigures> figures) =>
        figures.Select(figure => figure.PerSecond).Order().ElementAt(figures.Count / 2);

    private static void Report(BrokerProcess broker, BrokerFigures figures)
    {
        Quantiles.Report(broker.Name, figures.Milliseconds);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"                  {figures.PerSecond:N0}/s, broker's CPU {figures.CpuPerThousand:0.0} ms per 1,000{(figures.Lost == 0 ? "" : $", {figures.Lost} LOST")}"
            )
        );
    }
}
