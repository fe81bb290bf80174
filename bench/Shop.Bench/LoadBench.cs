using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Shop.Bench;

/// <summary>
/// How many orders a second the shop takes before it breaks. The rate rises in steps until the answers' p99 exceeds a second,
/// an order is refused, or orders are placed faster than they are decided. Everything, the load generator included, is on this
/// machine.
/// </summary>
internal static class LoadBench
{
    private const int Customers = 64;
    private const double FirstRate = 20;
    private const double Growth = 1.3;
    private const int MaxSteps = 18;
    private const double LongestAnswer = 1000;

    // Orders that wait so long for their decision come faster than they are decided.
    private const double LongestDecision = 10_000;
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(20);

    // Those that have a part in an order.
    private static readonly string[] s_outboxes = ["orderingdb", "inventorydb", "paymentsdb", "billingdb"];

    public static async Task<int> RunAsync(string? folder, CancellationToken cancellationToken)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new FormatException($"There is no folder '{folder}'.");
        await using var shop = await ShopUnderLoad.StartAsync(cancellationToken);
        using var gateway = shop.Http("gateway");
        var buyers = await Buyers.ArriveAsync(gateway, Customers, 50_000, cancellationToken);
        // These pay for connections and for compilation.
        await buyers.AtRateAsync(FirstRate, s_warmUp, cancellationToken);
        await buyers.AsFastAsPossibleAsync(3000, cancellationToken);
        await Progress.SettleAsync(shop, cancellationToken);

        Console.WriteLine($"a step takes {s_step.TotalSeconds:0} s; {Environment.ProcessorCount} cores");
        var steps = new List<LoadStep>();
        var rate = FirstRate;
        while (steps.Count < MaxSteps)
        {
            var step = await MeasureAsync(shop, buyers, rate, cancellationToken);
            steps.Add(step);
            Console.WriteLine($"  {step}");
            if (step.Failed > 0 || step.Answer.P99 > LongestAnswer || step.Decision[2] > LongestDecision)
                break;
            rate *= Growth;
        }

        var report = new LoadReport(steps, RuntimeInformation.OSDescription, await VersionAsync(shop));
        Console.WriteLine(report.Summary);
        if (folder is not null)
            await report.WriteAsync(folder, cancellationToken);
        return 0;
    }

    private static async Task<LoadStep> MeasureAsync(
        ShopUnderLoad shop,
        Buyers buyers,
        double rate,
        CancellationToken cancellationToken
    )
    {
        var sent = await SentAsync(shop);
        var size = await SizeAsync(shop);
        var accepted = buyers.Accepted;
        var before = await Usage.NowAsync(shop);
        var since = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var (answers, failed) = await buyers.TimeAtRateAsync(rate, s_step, cancellationToken);
        var busy = Usage.CpuNow();
        var elapsed = clock.Elapsed;
        await Progress.SettleAsync(shop, cancellationToken);
        var after = await Usage.NowAsync(shop);
        var orders = Math.Max(1, buyers.Accepted - accepted);
        return new LoadStep(
            rate,
            orders / elapsed.TotalSeconds,
            failed,
            answers.Count == 0 ? default : Quantiles.Of(answers),
            await Progress.QuantilesAsync(shop, since),
            busy.Sum(program => (program.Value - before.Cpu.GetValueOrDefault(program.Key)).TotalSeconds)
                / elapsed.TotalSeconds,
            after.Since(before, orders),
            (double)(after.Commits - before.Commits) / orders,
            (double)(await SentAsync(shop) - sent) / orders,
            (double)(await SizeAsync(shop) - size) / orders
        );
    }

    // What was put into outboxes, which is what was sent since everything is settled.
    private static async Task<long> SentAsync(ShopUnderLoad shop)
    {
        var sum = 0L;
        foreach (var database in s_outboxes)
        {
            sum += await shop.QueryAsync<long>(
                database,
                "SELECT coalesce(sum(n_tup_ins), 0)::bigint FROM pg_stat_user_tables WHERE relname = 'outbox_messages'"
            );
        }
        return sum;
    }

    private static Task<long> SizeAsync(ShopUnderLoad shop) =>
        shop.QueryAsync<long>(
            "postgres",
            "SELECT sum(pg_database_size(datname))::bigint FROM pg_database WHERE datname LIKE '%db'"
        );

    private static Task<string> VersionAsync(ShopUnderLoad shop) =>
        shop.QueryAsync<string>("postgres", "SELECT current_setting('server_version')");
}

/// <summary>What one step of the load showed.</summary>
/// <param name="Rate">Orders a second that were to be placed.</param>
/// <param name="Accepted">Orders a second that were accepted.</param>
/// <param name="Failed">How many were refused or not answered.</param>
/// <param name="Answer">How long the answers took, in milliseconds.</param>
/// <param name="Decision">p50, p95 and p99 from placed to Confirmed, in milliseconds.</param>
/// <param name="Cores">How many cores were busy while the load went on, on average.</param>
/// <param name="Cost">Milliseconds of CPU for each order by program, the dearest first.</param>
/// <param name="Commits">Commits of the database server for each order.</param>
/// <param name="Messages">Messages for each order.</param>
/// <param name="Bytes">What the databases grew by for each order.</param>
internal sealed record LoadStep(
    double Rate,
    double Accepted,
    int Failed,
    (double P50, double P95, double P99) Answer,
    double[] Decision,
    double Cores,
    IReadOnlyList<(string Name, double Milliseconds)> Cost,
    double Commits,
    double Messages,
    double Bytes
)
{
    public override string ToString() =>
        $"{Rate, 5:0}/s: {Accepted:0}/s accepted, {Failed} failed; answered p50 {Answer.P50:0}, p95 {Answer.P95:0}, p99 {Answer.P99:0} ms; confirmed p50 {Decision[0]:0}, p95 {Decision[1]:0}, p99 {Decision[2]:0} ms; {Cores:0.0} cores";
}
