using Microsoft.Extensions.DependencyInjection;
using Shop.Gateway.RateLimiting;

namespace Shop.Gateway.Tests;

/// <summary>A caller's bucket when something is against it.</summary>
public sealed class BucketTests
{
    private static readonly string[] FiveReads =
    [
        "Gateway:RateLimits:Reads:Burst=5",
        "Gateway:RateLimits:Reads:PerSecond=0.001",
    ];

    [Fact]
    public async Task A_cache_that_may_not_run_the_script_is_no_worse_than_none()
    {
        await using var cache = await RunningCache.StartAsync();
        await using var backend = await Backend.StartAsync("ok");
        // The client refuses it itself, with an exception of another kind than for a cache that is away.
        string[] settings =
        [
            $"services:catalog:http:0={backend.Address}",
            cache.Setting + ",$EVAL=,$EVALSHA=",
            .. FiveReads,
        ];
        await using var gateway = await RunningGateway.StartAsync(settings);

        var answers = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            using var response = await gateway.GetAsync("/api/products");
            answers.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 200, 200, 200, 200, 429, 429, 429], answers);
    }

    [Fact]
    public async Task First_requests_that_come_at_once_share_one_budget()
    {
        await using var gateway = await RunningGateway.StartAsync(FiveReads);
        var limiter = gateway.Application.Services.GetRequiredService<RateLimiter>();
        for (var i = 0; i < 50; i++)
        {
            var caller = $"address:{i}";
            using var start = new Barrier(16);

            var decisions = await Task.WhenAll(
                Enumerable
                    .Range(0, 16)
                    .Select(_ =>
                        Task.Factory.StartNew(
                                () =>
                                {
                                    start.SignalAndWait(TestContext.Current.CancellationToken);
                                    return limiter.ReadAsync(caller).AsTask();
                                },
                                TestContext.Current.CancellationToken,
                                TaskCreationOptions.LongRunning,
                                TaskScheduler.Default
                            )
                            .Unwrap()
                    )
            );

            Assert.Equal(5, decisions.Count(decision => decision.Allowed));
        }
    }
}
