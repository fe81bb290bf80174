using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Bench;

/// <summary>How long an order takes from the POST to the gateway until the saga has confirmed it, on an idle system.</summary>
internal static class OrdersBench
{
    private const string Stickers = "01900000-0000-7000-8000-000000100048"; // 2,000 in stock
    private static readonly TimeSpan s_orderLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(5);

    public static async Task<int> RunAsync(int count, Uri gateway, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var customer = new Account(http, "customer@shop.test");
        await OrderAsync(http, customer, cancellationToken); // the first pays for connections and compilation
        var answered = new List<double>(count);
        var confirmed = new List<double>(count);
        for (var number = 1; number <= count; number++)
        {
            var (toAnswer, toEnd) = await OrderAsync(http, customer, cancellationToken);
            answered.Add(toAnswer.TotalMilliseconds);
            confirmed.Add(toEnd.TotalMilliseconds);
            Console.Write($"\r{number}/{count}");
        }
        Console.WriteLine($"\r{count} orders on {Environment.ProcessorCount} cores, one after the other");
        Quantiles.Report("POST answered", answered);
        Quantiles.Report("Confirmed", confirmed);
        return 0;
    }

    private static async Task<(TimeSpan Answered, TimeSpan Ended)> OrderAsync(
        HttpClient http,
        Account customer,
        CancellationToken cancellationToken
    )
    {
        var body = new
        {
            items = new[] { new { productId = Stickers, quantity = 1 } },
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
        };
        using var request = await customer.RequestAsync(HttpMethod.Post, "/api/orders");
        request.Content = JsonContent.Create(body);
        var clock = Stopwatch.StartNew();
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answered = clock.Elapsed;
        while (true)
        {
            using var poll = await customer.RequestAsync(HttpMethod.Get, response.Headers.Location!.ToString());
            using var answer = await http.SendAsync(poll, cancellationToken);
            answer.EnsureSuccessStatusCode();
            var order = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            var status = order.GetProperty("status").GetString();
            if (status == "Confirmed")
                return (answered, clock.Elapsed);
            if (status != "Pending" || clock.Elapsed > s_orderLimit)
                throw new TimeoutException($"The order is {status} after {clock.Elapsed.TotalSeconds:0.0} s: {order}");
            await Task.Delay(s_pollInterval, cancellationToken);
        }
    }
}
