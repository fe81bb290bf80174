using System.Net.Sockets;
using System.Text;

namespace Shop.Gateway.Tests;

/// <summary>Clients that keep a connection busy by sending a byte now and then ("slow loris").</summary>
public sealed class SlowClientTests
{
    private const int Clients = 21;
    private const string Post = "POST /api/products HTTP/1.1\r\nHost: shop\r\nContent-Length: 100000\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_and_bodies_that_drip_are_cut_off_and_others_are_served_meanwhile()
    {
        await using var backend = await Backend.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var gateway = await RunningGateway.StartAsync(backend);
        var dripping = Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(i =>
                    (i % 3) switch
                    {
                        0 => DripAsync(gateway, "GET /api/products HTTP/1.1\r\nHost: shop\r\nX-Slow: "),
                        1 => DripAsync(gateway, Post),
                        // More than the server itself is content with.
                        _ => DripAsync(gateway, Post, bytesPerSecond: 1000),
                    }
                )
        );

        var served = 0;
        for (; !dripping.IsCompleted; served++)
        {
            await gateway.GetStringAsync("/api/products");
            await Task.Delay(100, Cancel);
        }

        Assert.All(await dripping, answer => Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal));
        Assert.True(served > 10, $"{served} others were served.");
    }

    [Fact]
    public async Task Clients_whose_bodies_do_not_come_in_time_do_not_open_the_circuit_for_others()
    {
        await using var backend = await Backend.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var gateway = await RunningGateway.StartAsync(
            $"services:catalog:http:0={backend.Address}",
            "Gateway:TotalTimeout=00:00:01"
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 2 * Failures.CircuitBreaker.MinimumThroughput).Select(_ => DripAsync(gateway, Post))
        );

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal));
        Assert.DoesNotContain(answers, answer => answer.StartsWith("HTTP/1.1 2", StringComparison.Ordinal));
        await gateway.GetStringAsync("/api/products");
    }

    /// <returns>What came back until the gateway closed the connection.</returns>
    private static async Task<string> DripAsync(RunningGateway gateway, string start, int bytesPerSecond = 2)
    {
        var drop = Encoding.Latin1.GetBytes(new string('x', bytesPerSecond / 2));
        using var client = new TcpClient();
        var address = gateway.Client.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(start), Cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var answer = new MemoryStream();
        var answered = stream.CopyToAsync(answer, limit.Token);
        while (!answered.IsCompleted)
        {
            try
            {
                await stream.WriteAsync(drop, limit.Token);
            }
            catch (IOException)
            {
                // Closed; the answer is there.
                break;
            }

            await Task.WhenAny(answered, Task.Delay(500, limit.Token));
        }

        try
        {
            await answered;
        }
        catch (IOException)
        {
            // Reset, since it had sent more than was read.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
