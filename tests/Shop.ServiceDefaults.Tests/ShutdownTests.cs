using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Tests;

public sealed class ShutdownTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_is_told_to_stop_is_unready_at_once_and_still_serves_until_the_delay_is_over()
    {
        await using var host = await StartAsync(drainDelay: "00:00:02");
        using var before = await host.Client.GetAsync("/ready", Cancel);

        var stopping = host.Services.GetRequiredService<IHost>().StopAsync(Cancel);
        using var ready = await host.Client.GetAsync("/ready", Cancel);
        using var alive = await host.Client.GetAsync("/healthz", Cancel);

        Assert.False(stopping.IsCompleted, "It stopped before its delay was over.");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("is stopping", await ready.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        await stopping;
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_ends_connections_with_its_answers()
    {
        await using var host = await StartAsync(drainDelay: "00:00:02");
        using var before = await host.Client.GetAsync("/healthz", Cancel);

        var stopping = host.Services.GetRequiredService<IHost>().StopAsync(Cancel);
        using var after = await host.Client.GetAsync("/healthz", Cancel);

        Assert.Empty(before.Headers.Connection);
        Assert.Equal(["close"], after.Headers.Connection);
        await stopping;
    }

    [Fact]
    public async Task The_limit_for_a_stop_is_a_setting()
    {
        await using var host = await TestHost.StartAsync(configure: builder =>
            builder.Configuration["Shutdown:Timeout"] = "00:00:07"
        );

        var options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>();

        Assert.Equal(TimeSpan.FromSeconds(7), options.Value.ShutdownTimeout);
    }

    private static Task<TestHost> StartAsync(string drainDelay) =>
        TestHost.StartAsync(configure: builder => builder.Configuration["Shutdown:DrainDelay"] = drainDelay);
}
