using System.Diagnostics;

namespace Shop.Bench;

/// <summary>How far the shop has come with its orders, as its databases tell.</summary>
internal static class Progress
{
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromMinutes(3);

    /// <summary>Until every order has been decided.</summary>
    public static Task DrainAsync(ShopUnderLoad shop, CancellationToken cancellationToken) =>
        UntilAsync(
            "orders are decided",
            async () =>
                !await shop.QueryAsync<bool>(
                    "orderingdb",
                    "SELECT EXISTS (SELECT FROM orders WHERE status = 'Pending')"
                ),
            cancellationToken
        );

    /// <summary>Until what follows from the orders has been done, too: invoices, notifications, the read side.</summary>
    public static async Task SettleAsync(ShopUnderLoad shop, CancellationToken cancellationToken)
    {
        await DrainAsync(shop, cancellationToken);
        var confirmed = await ConfirmedAsync(shop);
        await UntilAsync("orders are invoiced", () => IsReachedAsync("billingdb", "invoices"), cancellationToken);
        await UntilAsync(
            "notifications are sent",
            () => IsReachedAsync("notificationsdb", "(SELECT DISTINCT order_id FROM notifications) AS orders"),
            cancellationToken
        );
        await UntilAsync(
            "views are up to date",
            () => IsReachedAsync("orderingdb", "order_views WHERE status = 1"),
            cancellationToken
        );

        async Task<bool> IsReachedAsync(string database, string rows) =>
            await CountAsync(shop, database, rows) >= confirmed;
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> isSo, CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo(); await Task.Delay(250, cancellationToken))
        {
            if (clock.Elapsed > s_drainLimit)
                throw new TimeoutException($"It took longer than {s_drainLimit.TotalSeconds:0} s until all {what}.");
        }
    }

    public static Task<long> ConfirmedAsync(ShopUnderLoad shop) =>
        CountAsync(shop, "orderingdb", "orders WHERE status = 'Confirmed'");

    public static Task<long> CountAsync(ShopUnderLoad shop, string database, string rows) =>
        shop.QueryAsync<long>(database, $"SELECT count(*) FROM {rows}");

    /// <summary>The time from placed to Confirmed of orders that were placed since then, in words.</summary>
    public static async Task<string> LatencyAsync(ShopUnderLoad shop, DateTimeOffset since)
    {
        var quantiles = await QuantilesAsync(shop, since);
        return $"p50 {quantiles[0]:0} ms, p95 {quantiles[1]:0} ms, p99 {quantiles[2]:0} ms";
    }

    /// <summary>The same as p50, p95 and p99 in milliseconds; all 0 when none was confirmed.</summary>
    public static Task<double[]> QuantilesAsync(ShopUnderLoad shop, DateTimeOffset since) =>
        shop.QueryAsync<double[]>(
            "orderingdb",
            """
            SELECT coalesce(percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (
                ORDER BY extract(epoch FROM confirmed_at - created_at) * 1000), ARRAY[0.0, 0.0, 0.0])
            FROM orders WHERE created_at >= $1 AND confirmed_at IS NOT NULL
            """,
            since
        );
}
