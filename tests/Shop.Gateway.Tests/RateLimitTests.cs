using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Shop.Gateway.RateLimiting;
using Shop.Testing;

namespace Shop.Gateway.Tests;

public sealed class RateLimitTests
{
    // So slow that nothing comes back within a test.
    private static readonly string[] FiveReads =
    [
        "Gateway:RateLimits:Reads:Burst=5",
        "Gateway:RateLimits:Reads:PerSecond=0.001",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_used_up_the_budget_is_told_when_to_come_back_and_the_service_hears_nothing()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(backend, FiveReads);
        for (var left = 4; left >= 0; left--)
        {
            using var passed = await gateway.GetAsync("/api/products");
            Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
            Assert.Equal("5", Single(passed, "RateLimit-Limit"));
            Assert.Equal($"{left}", Single(passed, "RateLimit-Remaining"));
            Assert.StartsWith($"\"default\";r={left};t=", Single(passed, "RateLimit"), StringComparison.Ordinal);
            Assert.Equal("\"default\";q=5;w=5000", Single(passed, "RateLimit-Policy"));
            var untilFull = Single(passed, "RateLimit-Reset");
            Assert.InRange(int.Parse(untilFull, CultureInfo.InvariantCulture), (4 - left) * 1000, (5 - left) * 1000);
            Assert.EndsWith($";t={untilFull}", Single(passed, "RateLimit"), StringComparison.Ordinal);
        }

        using var refused = await gateway.GetAsync("/api/products");

        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 900, 1000);
        Assert.Equal("0", Single(refused, "RateLimit-Remaining"));
        Assert.Equal(5, backend.Requests.Count);
    }

    [Fact]
    public async Task Reads_and_writes_have_budgets_of_their_own_and_health_has_none()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(backend, FiveReads);
        Assert.Equal(5, await PassedAsync(gateway, 8));

        using var write = await gateway.PostAsync("/api/products", new StringContent("{}"));
        using var alive = await gateway.GetAsync("/healthz");
        using var ready = await gateway.GetAsync("/ready");

        Assert.NotEqual(HttpStatusCode.TooManyRequests, write.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Writes_run_out_and_what_is_asked_in_GraphQL_is_a_read()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(
            backend,
            [.. FiveReads, "Gateway:RateLimits:Writes:Burst=3", "Gateway:RateLimits:Writes:PerSecond=0.001"]
        );

        Assert.Equal(3, await PassedAsync("/api/products", 6));
        Assert.Equal(5, await PassedAsync("/graphql", 8));

        async Task<int> PassedAsync(string path, int requests)
        {
            var passed = 0;
            for (var i = 0; i < requests; i++)
            {
                using var response = await gateway.PostAsync(
                    path,
                    JsonContent.Create(new { query = "{ __typename }" })
                );
                passed += response.IsSuccessStatusCode ? 1 : 0;
            }

            return passed;
        }
    }

    [Fact]
    public async Task A_budget_fills_again()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(
            backend,
            ["Gateway:RateLimits:Reads:Burst=1", "Gateway:RateLimits:Reads:PerSecond=20"]
        );

        var passed = 0;
        for (var asked = 0; passed < 3; asked++)
        {
            Assert.True(asked < 3000, "It has not filled within 30 s.");
            passed += await PassedAsync(gateway, 1);
            await Task.Delay(10, Cancel);
        }
    }

    [Fact]
    public async Task Saying_to_be_somebody_else_gives_no_new_budget()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(backend, FiveReads);

        var passed = 0;
        for (var i = 0; i < 10; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{i}");
            request.Headers.Add("Forwarded", $"for=192.0.2.{i}");
            request.Headers.Add("X-Real-IP", $"192.0.2.{i}");
            request.Headers.Add("X-User-ID", $"{Guid.NewGuid()}");
            using var response = await gateway.SendAsync(request);
            passed += response.IsSuccessStatusCode ? 1 : 0;
        }

        Assert.Equal(5, passed);
    }

    [Fact]
    public async Task A_user_has_one_budget_from_wherever_and_shares_it_with_nobody_at_the_same_address()
    {
        await using var tokens = await TestTokens.StartAsync();
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(
            backend,
            [.. FiveReads, $"Identity:Authority={tokens.Authority}", "Gateway:TrustedProxies:0=127.0.0.1"]
        );
        var (ada, grace) = (tokens.Issue(Guid.CreateVersion7()), tokens.Issue(Guid.CreateVersion7()));

        Assert.Equal(5, await PassedAsync(ada, "192.0.2.1"));
        Assert.Equal(5, await PassedAsync(grace, "192.0.2.1"));
        Assert.Equal(0, await PassedAsync(ada, "192.0.2.2"));
        // Nor is it a new user whose token is no good.
        Assert.Equal(5, await PassedAsync(ada + "x", "192.0.2.3"));
        Assert.Equal(0, await PassedAsync(grace + "x", "192.0.2.3"));

        async Task<int> PassedAsync(string token, string address)
        {
            var passed = 0;
            for (var i = 0; i < 8; i++)
            {
                var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                request.Headers.Add("X-Forwarded-For", address);
                using var response = await gateway.SendAsync(request);
                passed += response.StatusCode == HttpStatusCode.TooManyRequests ? 0 : 1;
            }

            return passed;
        }
    }

    [Fact]
    public async Task What_a_trusted_proxy_says_of_the_client_counts()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(backend, [.. FiveReads, "Gateway:TrustedProxies:0=127.0.0.1"]);

        for (var i = 0; i < 10; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/products");
            // The client's own word comes first; what the proxy saw, last.
            request.Headers.Add("X-Forwarded-For", $"198.51.100.1, 192.0.2.{i % 2}");
            using var response = await gateway.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var last = new HttpRequestMessage(HttpMethod.Get, "/api/products");
        last.Headers.Add("X-Forwarded-For", "203.0.113.9, 192.0.2.1");
        using var refused = await gateway.SendAsync(last);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Two_gateways_share_a_budget_however_many_ask_at_once()
    {
        await using var cache = await RunningCache.StartAsync();
        await using var backend = await Backend.StartAsync("ok");
        string[] settings =
        [
            cache.Setting,
            "Gateway:RateLimits:Reads:Burst=100",
            "Gateway:RateLimits:Reads:PerSecond=0.001",
        ];
        await using var first = await StartAsync(backend, settings);
        await using var second = await StartAsync(backend, settings);
        await UntilSharedAsync(first, second);

        var passed = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => PassedAsync(i % 2 == 0 ? first : second, 20))
        );

        Assert.Equal(100, passed.Sum());
        Assert.Equal(100, backend.Requests.Count);
    }

    [Fact]
    public async Task Without_the_cache_each_gateway_limits_by_itself_and_with_it_again_both_do()
    {
        await using var cache = await RunningCache.StartAsync();
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(backend, [cache.Setting, .. FiveReads]);
        await UntilSharedAsync(gateway);
        await cache.KillAsync();

        Assert.Equal(5, await PassedAsync(gateway, 20));

        await cache.RunAsync();
        // The new cache has forgotten everybody.
        await using var other = await StartAsync(backend, [cache.Setting, .. FiveReads]);
        await using var third = await StartAsync(backend, [cache.Setting, .. FiveReads]);
        await UntilSharedAsync(gateway, other, third);
        Assert.Equal(5, await PassedAsync(other, 20));
        Assert.Equal(0, await PassedAsync(third, 20));
    }

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

    [Theory]
    [InlineData("203.0.113")]
    [InlineData(null)]
    public async Task Passwords_are_not_tried_without_end_from_one_address_nor_on_one_account(string? manyAddresses)
    {
        await using var users = await Backend.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var gateway = await RunningGateway.StartAsync(
            $"services:users:http:0={users.Address}",
            "Gateway:TrustedProxies:0=127.0.0.0/8",
            "Gateway:RateLimits:SignIns:Burst=5",
            "Gateway:RateLimits:SignIns:PerSecond=0.001",
            "Gateway:RateLimits:SignInsPerAccount:Burst=3",
            "Gateway:RateLimits:SignInsPerAccount:PerSecond=0.001"
        );

        var passed = 0;
        for (var i = 0; i < 10; i++)
        {
            // One account from many addresses, or many accounts from one address.
            using var form = new FormUrlEncodedContent([
                new("grant_type", "password"),
                new(
                    "username",
                    manyAddresses is null ? $"user-{i}@shop.test" : (i % 2 == 0 ? "a@shop.test" : " A@SHOP.test")
                ),
            ]);
            var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = form };
            request.Headers.Add("X-Forwarded-For", manyAddresses is null ? "203.0.113.7" : $"{manyAddresses}.{i}");
            using var response = await gateway.SendAsync(request);
            passed += response.StatusCode == HttpStatusCode.TooManyRequests ? 0 : 1;
        }

        Assert.Equal(manyAddresses is null ? 5 : 3, passed);
    }

    /// <summary>Connecting takes a moment, in which each gateway counts for itself.</summary>
    private static async Task UntilSharedAsync(params RunningGateway[] gateways)
    {
        foreach (var gateway in gateways)
        {
            var shared = gateway.Application.Services.GetRequiredService<SharedBuckets>();
            while (await shared.TakeAsync("test", new Budget(1000, 1000), wanted: 1, unused: 0) is null)
            {
                await Task.Delay(50, Cancel);
            }
        }
    }

    private static Task<RunningGateway> StartAsync(Backend backend, string[] settings) =>
        RunningGateway.StartAsync([
            $"services:catalog:http:0={backend.Address}",
            // The machine may be busy.
            "Gateway:RateLimits:CacheTimeout=00:00:10",
            .. settings,
        ]);

    private static async Task<int> PassedAsync(RunningGateway gateway, int requests)
    {
        var passed = 0;
        for (var i = 0; i < requests; i++)
        {
            using var response = await gateway.GetAsync("/api/products");
            passed += response.IsSuccessStatusCode ? 1 : 0;
        }

        return passed;
    }

    private static string Single(HttpResponseMessage response, string header) =>
        Assert.Single(response.Headers.GetValues(header));
}
