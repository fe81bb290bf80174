using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Bench;

/// <summary>Customers who order one piece of something, each by turns.</summary>
internal sealed class Buyers(HttpClient gateway, Guid[] products, Account[] customers)
{
    private int _accepted;

    /// <summary>Orders that were answered with 201.</summary>
    public int Accepted => _accepted;

    /// <summary>Registers customers, and has enough of everything in stock for their orders.</summary>
    public static async Task<Buyers> ArriveAsync(
        HttpClient gateway,
        int customers,
        int orders,
        CancellationToken cancellationToken
    ) =>
        new(
            gateway,
            await StockUpAsync(gateway, orders, cancellationToken),
            await RegisterAsync(gateway, customers, cancellationToken)
        );

    /// <summary>Every customer orders again as soon as the last order was taken.</summary>
    public async Task AsFastAsPossibleAsync(int count, CancellationToken cancellationToken)
    {
        var next = 0;
        await Task.WhenAll(
            customers.Select(
                async (_, customer) =>
                {
                    while (Interlocked.Increment(ref next) <= count)
                        await OrderAsync(customer, cancellationToken);
                }
            )
        );
    }

    /// <summary>So many orders a second, whether or not the earlier ones have been answered.</summary>
    public Task AtRateAsync(double perSecond, TimeSpan duration, CancellationToken cancellationToken) =>
        AtRateAsync(perSecond, duration, customer => OrderAsync(customer, cancellationToken), cancellationToken);

    /// <summary>The same; how long each answer took in milliseconds, and how many orders were refused or not answered.</summary>
    public async Task<(List<double> Answers, int Failed)> TimeAtRateAsync(
        double perSecond,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var answers = new ConcurrentBag<double>();
        var failed = 0;
        await AtRateAsync(perSecond, duration, TimeAsync, cancellationToken);
        return ([.. answers], failed);

        async Task TimeAsync(int customer)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await OrderAsync(customer, cancellationToken);
                answers.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (Exception refused)
                when (refused is HttpRequestException or TaskCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                Interlocked.Increment(ref failed);
            }
        }
    }

    private async Task AtRateAsync(
        double perSecond,
        TimeSpan duration,
        Func<int, Task> order,
        CancellationToken cancellationToken
    )
    {
        var clock = Stopwatch.StartNew();
        var orders = new List<Task>();
        while (clock.Elapsed < duration)
        {
            while (orders.Count < perSecond * clock.Elapsed.TotalSeconds)
                orders.Add(order(orders.Count % customers.Length));
            await Task.Delay(5, cancellationToken);
        }
        await Task.WhenAll(orders);
    }

    private async Task OrderAsync(int customer, CancellationToken cancellationToken)
    {
        using var request = await customers[customer].RequestAsync(HttpMethod.Post, "/api/orders");
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        request.Content = JsonContent.Create(
            new
            {
                items = new[] { new { productId = products[Random.Shared.Next(products.Length)], quantity = 1 } },
                shippingAddress = new
                {
                    name = "Ada Lovelace",
                    street = "12 Analytical Way",
                    city = "Sacramento",
                    postalCode = "95814",
                    region = "US-CA",
                    country = "US",
                },
                paymentMethod = "pm_card_visa",
            }
        );
        using var response = await gateway.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"POST /api/orders answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}"
            );
        Interlocked.Increment(ref _accepted);
    }

    private static async Task<Guid[]> StockUpAsync(HttpClient gateway, int count, CancellationToken cancellationToken)
    {
        var page = await gateway.GetFromJsonAsync<JsonElement>("/api/products?pageSize=100", cancellationToken);
        Guid[] products =
        [
            .. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()),
        ];
        var staff = new Account(gateway, "operator@shop.test");
        foreach (var product in products)
        {
            using var request = await staff.RequestAsync(HttpMethod.Post, $"/api/inventory/{product}/restock");
            request.Content = JsonContent.Create(new { quantity = Math.Min(100_000, count + 10_000) });
            using var response = await gateway.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
        }
        return products;
    }

    private static async Task<Account[]> RegisterAsync(
        HttpClient gateway,
        int count,
        CancellationToken cancellationToken
    )
    {
        var customers = new Account[count];
        for (var number = 0; number < count; number++)
        {
            customers[number] = await Account.RegisterAsync(
                gateway,
                $"customer-{number}@bench.test",
                cancellationToken
            );
        }
        return customers;
    }
}
