using System.Collections.Concurrent;
using System.Net;

namespace Shop.AppHost.Tests.Shutdown;

/// <summary>
/// Shoppers who place orders and look at everything, until they are told to stop. Each request must be answered, and not by an
/// error of a server.
/// </summary>
internal sealed class SteadyLoad
{
    private const int Shoppers = 3;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(60);

    private static readonly string[] s_reads =
    [
        "/api/products?pageSize=3",
        "/api/search?q=tea",
        "/api/orders?pageSize=3",
        $"/api/inventory/{Product}",
        "/api/payments?pageSize=3",
        "/api/users/me",
        "/api/invoices?pageSize=3",
        "/api/notifications?pageSize=3",
    ];

    private readonly ShopClient _client;
    private readonly Task[] _shoppers;
    private readonly ConcurrentQueue<string> _orders = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private volatile bool _stops;
    private int _requests;

    private SteadyLoad(ShopClient client)
    {
        _client = client;
        _shoppers = [.. Enumerable.Range(0, Shoppers).Select(ShopAsync)];
    }

    public static string Product => Products.Number(0x48);

    /// <summary>The orders that were taken.</summary>
    public IReadOnlyCollection<string> Orders => _orders;

    /// <summary>The requests that failed, with how.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public int Requests => _requests;

    public static async Task<SteadyLoad> StartAsync(ShopClient client)
    {
        await client.GetAsync("/api/users/me"); // signs in
        return new SteadyLoad(client);
    }

    /// <summary>Sends no more, and waits for the answers.</summary>
    public Task StopAsync()
    {
        _stops = true;
        return Task.WhenAll(_shoppers);
    }

    private async Task ShopAsync(int shopper)
    {
        for (var round = shopper; !_stops; round++)
        {
            if (
                await SendAsync("POST /api/orders", () => _client.PostOrderAsync(ShopClient.OrderBody(Product, 1))) is
                { } order
            )
                _orders.Enqueue(order);
            var path = s_reads[round % s_reads.Length];
            await SendAsync($"GET {path}", () => _client.Http.GetAsync(path, TestContext.Current.CancellationToken));
            await Task.Delay(s_pace, TestContext.Current.CancellationToken);
        }
    }

    /// <returns>The id at the end of the answer's location, if it has one.</returns>
    private async Task<string?> SendAsync(string what, Func<Task<HttpResponseMessage>> send)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            using var response = await send();
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
            {
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                _failures.Enqueue($"{what}: {(int)response.StatusCode} {text}");
            }

            return response.Headers.Location?.ToString().Split('/')[^1];
        }
        catch (HttpRequestException exception)
        {
            _failures.Enqueue($"{what}: {exception.Message} {exception.InnerException?.Message}");
            return null;
        }
    }
}
