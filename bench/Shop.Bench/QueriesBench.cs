using System.Diagnostics;
using Npgsql;

namespace Shop.Bench;

/// <summary>The order list of a customer among a million orders, asked of the service itself.</summary>
internal static class QueriesBench
{
    private const int Orders = 1_000_000;
    private const int PerCustomer = 100;
    private const int Requests = 5_000;

    /// <summary>So many of the customers have an account, and ask.</summary>
    private const int Accounts = 500;
    private const int AtATime = 2;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var shop = await ShopUnderLoad.StartAsync(cancellationToken);
        using var gateway = shop.Http("gateway");
        Console.WriteLine($"registering {Accounts} customers");
        var customers = new Account[Accounts];
        for (var number = 0; number < Accounts; number++)
            customers[number] = await Account.RegisterAsync(
                gateway,
                $"customer-{number}@bench.test",
                cancellationToken
            );
        Console.WriteLine($"writing the views of {Orders:N0} orders, {PerCustomer} for each customer");
        await FillAsync(await shop.ConnectionStringAsync("orderingdb"), customers, cancellationToken);

        using var ordering = shop.Http("ordering");
        await MeasureAsync(ordering, customers, Requests / 10, cancellationToken); // pays for compilation and connections
        var times = await MeasureAsync(ordering, customers, Requests, cancellationToken);
        Console.WriteLine($"{Requests:N0} lists of 20 on {Environment.ProcessorCount} cores, {AtATime} at a time");
        Quantiles.Report("GET /api/orders", times);
        return 0;
    }

    private static async Task<List<double>> MeasureAsync(
        HttpClient ordering,
        Account[] customers,
        int requests,
        CancellationToken cancellationToken
    )
    {
        var next = 0;
        var times = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => AskAsync()));
        return [.. times.SelectMany(list => list)];

        async Task<List<double>> AskAsync()
        {
            var own = new List<double>();
            while (Interlocked.Increment(ref next) <= requests)
            {
                var page = 1 + Random.Shared.Next(PerCustomer / 20);
                var customer = customers[Random.Shared.Next(customers.Length)];
                using var request = await customer.RequestAsync(HttpMethod.Get, $"/api/orders?page={page}&pageSize=20");
                var clock = Stopwatch.GetTimestamp();
                using var response = await ordering.SendAsync(request, cancellationToken);
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                own.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                if (
                    !response.IsSuccessStatusCode
                    || !body.Contains($"\"total\":{PerCustomer}", StringComparison.Ordinal)
                )
                    throw new HttpRequestException($"GET /api/orders answered {(int)response.StatusCode}: {body}");
            }
            return own;
        }
    }

    private static async Task FillAsync(
        string connectionString,
        Account[] customers,
        CancellationToken cancellationToken
    )
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        string[] statements =
        [
            $"""
                INSERT INTO order_views (order_id, user_id, status, item_count, total, currency, created_at)
                SELECT ('0190fffe-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                    coalesce(
                        ($1::uuid[])[n % {Orders / PerCustomer} + 1],
                        ('0190ffff-0000-7000-8000-' || lpad(to_hex(n % {Orders / PerCustomer}), 12, '0'))::uuid),
                    1, 2, 20, 'USD', now() - n * interval '1 second'
                FROM generate_series(0, {Orders - 1}) AS n
                """,
            """
                INSERT INTO order_item_views (order_id, line, product_id, name, unit_price, quantity)
                SELECT order_id, line, '01900000-0000-7000-8000-000000100048', 'Sticker', 10, 1
                FROM order_views CROSS JOIN generate_series(1, 2) AS line
                """,
            "VACUUM ANALYZE order_views",
            "VACUUM ANALYZE order_item_views",
        ];
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            command.CommandTimeout = 600;
            if (statement.Contains("$1", StringComparison.Ordinal))
                command.Parameters.AddWithValue(customers.Select(customer => customer.Id).ToArray());
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
