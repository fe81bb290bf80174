using System.Net;

namespace Shop.Gateway.Tests;

public sealed class CacheHealthTests
{
    [Fact]
    public async Task A_cache_that_is_away_is_told_and_takes_the_gateway_out_of_no_rotation()
    {
        await using var gateway = await RunningGateway.StartAsync(["ConnectionStrings:cache=127.0.0.1:1"]);

        using var ready = await gateway.GetAsync("/ready");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains(
            "is not connected; each replica counts requests for itself",
            await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }
}
