using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.ServiceDefaults.Tests;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_service_is_alive_in_every_environment_even_when_its_dependencies_are_down(string environment)
    {
        await using var host = await StartAsync(() => HealthCheckResult.Unhealthy("down"), environment);

        using var response = await host.Client.GetAsync("/healthz", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_service_is_ready_when_each_dependency_is()
    {
        await using var host = await StartAsync(() => HealthCheckResult.Healthy("answers"));

        using var response = await host.Client.GetAsync("/ready", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var report = await Json.ReadAsync(response);
        Assert.True(report.GetProperty("ready").GetBoolean());
        var dependency = Assert.Single(report.GetProperty("dependencies").EnumerateArray());
        Assert.Equal("warehouse", dependency.Text("name"));
        Assert.Equal("answers", dependency.Text("description"));
    }

    [Fact]
    public async Task What_is_asked_for_a_probe_is_in_no_trace()
    {
        using var source = new ActivitySource("Shop.Warehouse");
        var spans = new List<Activity?>();
        await using var host = await StartAsync(() =>
        {
            spans.Add(source.StartActivity("ask"));
            return HealthCheckResult.Healthy();
        });
        spans.Add(source.StartActivity("ask without a probe"));

        using var response = await host.Client.GetAsync("/ready", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, spans.Count);
        Assert.NotNull(spans[0]);
        Assert.Null(spans[1]);
        spans[0]!.Dispose();
    }

    [Fact]
    public async Task A_dependency_that_is_down_makes_the_service_unready_and_is_named()
    {
        await using var host = await StartAsync(
            () => throw new InvalidOperationException("host=10.0.0.1 user=shop"),
            environment: "Production"
        );

        using var response = await host.Client.GetAsync("/ready", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        var report = await Json.ReadAsync(response);
        Assert.False(report.GetProperty("ready").GetBoolean());
        var dependency = Assert.Single(report.GetProperty("dependencies").EnumerateArray());
        Assert.Equal("warehouse", dependency.Text("name"));
        Assert.False(dependency.GetProperty("ready").GetBoolean());
        Assert.DoesNotContain("10.0.0.1", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_that_never_answers_counts_as_down_after_its_timeout()
    {
        await using var host = await TestHost.StartAsync(configure: builder =>
            builder
                .Services.AddHealthChecks()
                .AddAsyncCheck(
                    "warehouse",
                    async cancellationToken =>
                    {
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                        return HealthCheckResult.Healthy();
                    },
                    timeout: TimeSpan.FromMilliseconds(1)
                )
        );

        using var response = await host.Client.GetAsync("/ready", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Every_dependency_has_a_timeout()
    {
        await using var host = await StartAsync(() => HealthCheckResult.Healthy());

        var options =
            host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>();

        Assert.All(options.Value.Registrations, check => Assert.NotEqual(Timeout.InfiniteTimeSpan, check.Timeout));
    }

    [Fact]
    public async Task Probes_within_a_second_share_one_round_of_checks()
    {
        var rounds = 0;
        var time = new FrozenTime();
        await using var host = await TestHost.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder
                .Services.AddHealthChecks()
                .AddCheck(
                    "warehouse",
                    () =>
                    {
                        rounds++;
                        return HealthCheckResult.Healthy();
                    }
                );
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Client.GetStringAsync("/ready", Cancel)));
        Assert.Equal(1, rounds);

        time.Advance(TimeSpan.FromSeconds(2));
        await host.Client.GetStringAsync("/ready", Cancel);
        Assert.Equal(2, rounds);
    }

    private static Task<TestHost> StartAsync(Func<HealthCheckResult> check, string environment = "Production") =>
        TestHost.StartAsync(
            configure: builder => builder.Services.AddHealthChecks().AddCheck("warehouse", check),
            environment: environment
        );

    /// <summary>Only what is measured stands still; timers run.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
