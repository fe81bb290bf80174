using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shop.Gateway.Tests;

/// <summary>Instances are asked every few seconds whether they can serve.</summary>
public sealed class HealthProbeTests
{
    [Fact]
    public async Task An_instance_that_says_it_is_not_ready_gets_no_requests_until_it_is_and_the_log_has_a_line_for_each()
    {
        await using var first = await Backend.StartAsync("first");
        await using var second = await Backend.StartAsync("second");
        using var refusing = new RefusingAddress();
        await using var gateway = await RunningGateway.StartAsync(
            "Logging:LogLevel:Default=Information",
            $"services:catalog:http:0={first.Address}",
            $"services:catalog:http:1={second.Address}",
            $"services:search:http:0={refusing.Address}"
        );
        using var log = new LogRecorder();
        gateway.Application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);

        first.IsReady = false;
        await UntilServedByAsync(gateway, one => one.SequenceEqual(["second"]));
        first.IsReady = true;
        await UntilServedByAsync(gateway, one => one.Count == 2);

        Entry[] lines = [.. log.Entries.Where(entry => entry.Category.StartsWith("Yarp", StringComparison.Ordinal))];
        Assert.Contains(lines, line => line.Says(first.Address, "'Unhealthy'"));
        Assert.Contains(lines, line => line.Says(first.Address, "'Healthy'"));
        Assert.DoesNotContain(log.Entries, entry => entry.Exception is not null);
    }

    /// <summary>Who answers 20 requests, of which chance lets one instance have none once in a million times.</summary>
    private static async Task UntilServedByAsync(RunningGateway gateway, Predicate<HashSet<string>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var served = new HashSet<string>();
            for (var i = 0; i < 20; i++)
            {
                served.Add(await gateway.GetStringAsync("/api/products"));
            }

            if (isSo(served))
            {
                return;
            }

            Assert.False(limit.IsCancellationRequested, $"Served by {string.Join(" and ", served)}.");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
