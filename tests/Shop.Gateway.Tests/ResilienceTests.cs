using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Shop.Gateway.Tests;

public sealed class ResilienceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", false)]
    [InlineData("POST", true)]
    [InlineData("DELETE", false)]
    public async Task What_may_be_repeated_survives_a_service_that_flaps(string method, bool hasKey)
    {
        await using var flapping = await Backend.StartAsync("ok");
        var calls = 0;
        flapping.Behaviour = context =>
            Interlocked.Increment(ref calls) % 3 != 0
                ? Backend.DieAsync(context)
                : context.Request.Body.CopyToAsync(context.Response.Body);
        await using var gateway = await RunningGateway.StartAsync(flapping);
        var request = new HttpRequestMessage(new HttpMethod(method), "/api/products")
        {
            Content = hasKey ? new StringContent("the whole body") : null,
        };
        if (hasKey)
        {
            request.Headers.Add("Idempotency-Key", "1");
        }

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(hasKey ? "the whole body" : "", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(3, flapping.Requests.Count);
    }

    [Theory]
    [InlineData("POST", null)]
    [InlineData("PATCH", null)]
    [InlineData("PUT", "If-Match")]
    public async Task What_might_do_something_twice_is_not_repeated(string method, string? header)
    {
        await using var dying = await Backend.StartAsync(Backend.DieAsync);
        await using var gateway = await RunningGateway.StartAsync(dying);
        var request = new HttpRequestMessage(new HttpMethod(method), "/api/products")
        {
            Content = new StringContent("{}"),
        };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, "\"1\"");
        }

        using var response = await gateway.SendAsync(request);

        await response.ProblemAsync(HttpStatusCode.BadGateway, "bad-gateway");
        Assert.Single(dying.Requests);
    }

    [Fact]
    public async Task The_same_instance_is_asked_again_after_longer_and_longer_pauses_that_are_never_the_same()
    {
        using var refusing = new RefusingAddress();
        var time = new RecordingTime();
        await using var gateway = await RunningGateway.StartAsync(time, $"services:catalog:http:0={refusing.Address}");

        var factors = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            time.Pauses.Clear();
            using var failed = await gateway.GetAsync("/api/products");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
            var pauses = time.Pauses.ToArray();
            Assert.Equal(3, pauses.Length);
            factors.AddRange(pauses.Select((pause, retry) => pause.TotalMilliseconds / (50 << retry)));
        }

        Assert.All(factors, factor => Assert.InRange(factor, 0.5, 1.5));
        // Waits are in whole milliseconds, so that some may be the same by chance.
        Assert.True(factors.Distinct().Count() > 3, string.Join(", ", factors));
    }

    [Fact]
    public async Task A_service_that_keeps_failing_is_not_asked_until_it_has_had_time_to_recover()
    {
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var gateway = await RunningGateway.StartAsync(time, $"services:catalog:http:0={backend.Address}");
        for (var i = 0; i < Failures.CircuitBreaker.MinimumThroughput; i++)
        {
            using var failed = await gateway.GetAsync("/api/products");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        }

        backend.Behaviour = context => context.Response.WriteAsync("recovered");
        backend.Requests.Clear();
        using var refused = await gateway.GetAsync("/api/products");
        var problem = await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Contains("catalog", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Empty(backend.Requests);

        time.Advance(Failures.CircuitBreaker.BreakDuration);

        Assert.Equal("recovered", await gateway.GetStringAsync("/api/products"));
        Assert.Equal("recovered", await gateway.GetStringAsync("/api/products"));
    }

    [Fact]
    public async Task The_open_circuit_of_one_service_is_none_of_anothers()
    {
        await using var catalog = await Backend.StartAsync(Backend.DieAsync);
        await using var search = await Backend.StartAsync("found");
        await using var gateway = await RunningGateway.StartAsync(
            $"services:catalog:http:0={catalog.Address}",
            $"services:search:http:0={search.Address}"
        );
        for (var i = 0; i < Failures.CircuitBreaker.MinimumThroughput; i++)
        {
            using var failed = await gateway.PostAsync("/api/products", new StringContent("{}"));
        }

        using var refused = await gateway.GetAsync("/api/products");

        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal("found", await gateway.GetStringAsync("/api/search"));
    }

    [Fact]
    public void Retries_end_when_most_of_them_fail_and_come_back_with_successes()
    {
        var budget = new Failures.RetryBudget();
        var taken = 0;
        while (budget.TryTake())
        {
            taken++;
        }

        Assert.Equal(50, taken);
        for (var i = 0; i < 10; i++)
        {
            budget.Succeeded();
        }

        Assert.True(budget.TryTake());
        Assert.False(budget.TryTake());
    }

    [Fact]
    public async Task A_service_that_has_enough_to_do_gets_no_more()
    {
        var arrived = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        await using var backend = await Backend.StartAsync(async context =>
        {
            arrived.SetResult();
            await mayAnswer.Task;
            await context.Response.WriteAsync("done");
        });
        await using var gateway = await RunningGateway.StartAsync(
            "Gateway:MaxConcurrency=1",
            $"services:catalog:http:0={backend.Address}"
        );
        var first = gateway.GetStringAsync("/api/products");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        using var shed = await gateway.GetAsync("/api/products");

        await shed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        mayAnswer.SetResult();
        Assert.Equal("done", await first);
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task A_gateway_that_is_to_stop_says_so_first_and_still_serves()
    {
        await using var backend = await Backend.StartAsync("ok");
        var gateway = await RunningGateway.StartAsync(
            "Shutdown:DrainDelay=00:00:03",
            $"services:catalog:http:0={backend.Address}"
        );
        await using var _ = gateway;

        var stopping = gateway.Application.StopAsync(Cancel);
        using var ready = await gateway.GetAsync("/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("ok", await gateway.GetStringAsync("/api/products"));
        await stopping;
    }

    /// <summary>Notes the waits that are as short as a retry's.</summary>
    private sealed class RecordingTime : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(0.5))
            {
                Pauses.Enqueue(dueTime);
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
