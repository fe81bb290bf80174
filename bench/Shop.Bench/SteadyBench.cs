using System.Diagnostics;

namespace Shop.Bench;

/// <summary>
/// What the shop costs with the dashboard on: the CPU of the idle system, then the latency and the CPU of each order at a
/// steady rate. Everything, the load generator included, is on this machine; the AppHost runs in the load generator's process.
/// </summary>
internal static class SteadyBench
{
    private const int Customers = 64;
    private const int MaxRate = 200;
    private const int MaxSeconds = 600;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(30);

    // Long enough for connections, for most of the compilation, and for caches that end a minute after the start.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int rate, int seconds, CancellationToken cancellationToken)
    {
        if (rate is < 1 or > MaxRate || seconds is < 1 or > MaxSeconds)
            throw new FormatException($"RATE must be from 1 to {MaxRate}, SECONDS from 1 to {MaxSeconds}.");
        await using var shop = await ShopUnderLoad.StartAsync(cancellationToken, withDashboard: true);
        using var gateway = shop.Http("gateway");
        var orders = (int)(rate * (seconds + s_warmUp.TotalSeconds));
        var buyers = await Buyers.ArriveAsync(gateway, Customers, orders, cancellationToken);
        await IdleAsync(shop, cancellationToken);
        await buyers.AtRateAsync(rate, s_warmUp, cancellationToken);
        await Progress.SettleAsync(shop, cancellationToken);

        var accepted = buyers.Accepted;
        var since = DateTimeOffset.UtcNow;
        var before = await Usage.NowAsync(shop);
        await buyers.AtRateAsync(rate, TimeSpan.FromSeconds(seconds), cancellationToken);
        await Progress.SettleAsync(shop, cancellationToken);
        // The last spans, which wait for their batch.
        await Task.Delay(s_pause, cancellationToken);
        var after = await Usage.NowAsync(shop);
        Console.WriteLine($"{rate} orders/s for {seconds} s on {Environment.ProcessorCount} cores, with the dashboard");
        Console.WriteLine($"  to Confirmed  {await Progress.LatencyAsync(shop, since)}");
        after.ReportSince(before, buyers.Accepted - accepted);
        // Everything waits when others use the machine, too.
        Console.WriteLine(
            $"  load averages of the machine: {(await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Trim()}"
        );
        return 0;
    }

    private static async Task IdleAsync(ShopUnderLoad shop, CancellationToken cancellationToken)
    {
        // Tiered compilation still runs after the start and the registrations.
        await Task.Delay(s_settle, cancellationToken);
        var before = await Usage.NowAsync(shop);
        var clock = Stopwatch.StartNew();
        await Task.Delay(s_idle, cancellationToken);
        (await Usage.NowAsync(shop)).ReportIdleSince(before, clock.Elapsed);
    }
}
