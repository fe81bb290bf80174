using System.Diagnostics;

namespace Shop.Bench;

/// <summary>
/// How many orders a second the whole shop takes to <c>Confirmed</c>, what each costs, and how long it takes at half that
/// load; everything, the load generator included, on this machine.
/// </summary>
internal static class SagaBench
{
    private const int Customers = 64;
    private const int Blocks = 5;
    private const int WarmUp = 3000;

    public static async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        await using var shop = await ShopUnderLoad.StartAsync(cancellationToken);
        var server = await shop.ConnectionStringAsync("postgres");
        var before = await PgBench.RunAsync(server, cancellationToken);
        using var gateway = shop.Http("gateway");
        var buyers = await Buyers.ArriveAsync(gateway, Customers, count, cancellationToken);

        // These pay for connections and for compilation, which goes on for a few thousand orders.
        await buyers.AtRateAsync(10, TimeSpan.FromSeconds(5), cancellationToken);
        await buyers.AsFastAsPossibleAsync(Math.Min(WarmUp, count), cancellationToken);
        await Progress.DrainAsync(shop, cancellationToken);
        Console.WriteLine($"{count} orders on {Environment.ProcessorCount} cores, {Customers} at a time");
        var accepted = buyers.Accepted;
        await Statements.ResetAsync(shop);
        var begin = await Usage.NowAsync(shop);
        var rates = new List<double>();
        for (var block = 1; block <= Blocks; block++)
        {
            var used = block == 1 ? begin : await Usage.NowAsync(shop);
            var clock = Stopwatch.StartNew();
            await buyers.AsFastAsPossibleAsync(count / Blocks, cancellationToken);
            await Progress.DrainAsync(shop, cancellationToken);
            rates.Add(count / Blocks / clock.Elapsed.TotalSeconds);
            var confirmed = clock.Elapsed;
            await Progress.SettleAsync(shop, cancellationToken);
            Console.WriteLine(
                $"  orders {buyers.Accepted - accepted, 6}: {rates[^1]:0} confirmed/s, all that follows from them done {(clock.Elapsed - confirmed).TotalSeconds:0.0} s later"
            );
            (await Usage.NowAsync(shop)).ReportSince(used, count / Blocks);
        }
        var rate = rates.Average();
        Console.WriteLine($"  on average    {rate:0} confirmed orders/s");
        // The machine's speed drifts, so it is taken before and after.
        if (before is { } first && await PgBench.RunAsync(server, cancellationToken) is { } last)
        {
            Console.WriteLine(
                $"  pgbench -N    {first:0} commits/s on the same server before, {last:0} after: {rate / ((first + last) / 2):0.000} confirmed orders for each"
            );
        }

        await Statements.ReportAsync(shop, count);
        await LatencyAsync(shop, buyers, rate / 2, cancellationToken);
        return await NothingIsLostAsync(shop, buyers) ? 0 : 1;
    }

    private static async Task LatencyAsync(
        ShopUnderLoad shop,
        Buyers buyers,
        double rate,
        CancellationToken cancellationToken
    )
    {
        var before = await Usage.NowAsync(shop);
        var since = DateTimeOffset.UtcNow;
        var accepted = buyers.Accepted;
        await buyers.AtRateAsync(rate, TimeSpan.FromSeconds(15), cancellationToken);
        await Progress.DrainAsync(shop, cancellationToken);
        var used = await Usage.NowAsync(shop);
        Console.WriteLine($"  at {rate:0}/s, placed to Confirmed: {await Progress.LatencyAsync(shop, since)}");
        var steps = await shop.QueryAsync<string>(
            "orderingdb",
            """
            SELECT coalesce(string_agg(format('%s %s ms', step, round(median)), ', ' ORDER BY median), 'none')
            FROM (
                SELECT entry ->> 'step' AS step, percentile_cont(0.5) WITHIN GROUP (
                    ORDER BY extract(epoch FROM (entry ->> 'at')::timestamptz - o.created_at) * 1000) AS median
                FROM orders AS o JOIN order_sagas AS s ON s.order_id = o.id, json_array_elements(s.timeline) AS entry
                WHERE o.created_at >= $1 AND entry ->> 'kind' = 'Succeeded'
                GROUP BY 1) AS steps
            """,
            since
        );
        Console.WriteLine($"    half of the orders had each step's answer after: {steps}");
        used.ReportSince(before, (int)(buyers.Accepted - accepted));
        // Orders are dear when few of them share a transaction, and everything waits when others use the machine, too.
        Console.WriteLine($"    load averages of the machine: {File.ReadAllText("/proc/loadavg").Trim()}");
    }

    private static async Task<bool> NothingIsLostAsync(ShopUnderLoad shop, Buyers buyers)
    {
        var confirmed = await Progress.ConfirmedAsync(shop);
        var cancelled = await Progress.CountAsync(shop, "orderingdb", "orders WHERE status = 'Cancelled'");
        var paid = await Progress.CountAsync(shop, "paymentsdb", "payments WHERE status = 'Succeeded'");
        var complete = confirmed + cancelled == buyers.Accepted && paid == confirmed;
        Console.WriteLine(
            $"  {buyers.Accepted} orders accepted: {confirmed} confirmed, {cancelled} cancelled at a deadline, {paid} paid: {(complete ? "nothing lost" : "SOMETHING IS MISSING")}"
        );
        return complete;
    }
}
