using System.Diagnostics;
using System.Net.Http.Json;

namespace Shop.Bench;

/// <summary>Customers who order one piece of something, each by turns.</summary>
internal sealed class Buyers(HttpClient gateway, Guid[] products, Account[] customers)
{
    private int _accepted;

    /// <summary>Orders that were answered with 201.</summary>
    public int Accepted => _accepted;

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
    public async Task AtRateAsync(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var orders = new List<Task>();
        while (clock.Elapsed < duration)
        {
            while (orders.Count < perSecond * clock.Elapsed.TotalSeconds)
                orders.Add(OrderAsync(orders.Count % customers.Length, cancellationToken));
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
}
