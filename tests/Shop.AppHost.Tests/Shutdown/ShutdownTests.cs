using Shop.AppHost.Tests.Telemetry;

namespace Shop.AppHost.Tests.Shutdown;

/// <summary>
/// A rolling update, seen from outside: every service and the gateway have two instances, and one of each is told to stop
/// under load.
/// </summary>
[Collection(nameof(CrashTests))]
public sealed class ShutdownTests(RunningShop shop)
{
    private static readonly string[] s_services =
    [
        "users",
        "catalog",
        "search",
        "ordering",
        "inventory",
        "payments",
        "billing",
        "notifications",
        "storefront",
    ];

    [Fact]
    public async Task A_rolling_stop_under_load_fails_no_request_and_delivers_no_message_again()
    {
        var replicas = await Task.WhenAll(s_services.Select(service => Replica.StartAsync(shop, service)));
        // A list's first place is taken by the address of the first instance.
        await using var gateway = await Replica.StartAsync(
            shop,
            "gateway",
            [
                .. s_services.Select(
                    (service, i) =>
                        KeyValuePair.Create($"services__{service}__http__1", (string?)replicas[i].Address.ToString())
                ),
            ]
        );
        try
        {
            var before = shop.Telemetry.Spans.Select(span => span.TraceId).ToHashSet();
            var load = await SteadyLoad.StartAsync(new ShopClient(gateway.Address));
            await WaitForDeliveriesAsync(replicas);
            await Task.WhenAll(replicas.Select(replica => replica.TerminateAsync()));
            await Task.WhenAll(replicas.Select(replica => replica.WaitForEndAsync()));

            // A load balancer asks /ready, and sends no more once it fails. What is on its way is answered.
            await gateway.TerminateAsync();
            await load.StopAsync();
            await gateway.WaitForEndAsync();

            Assert.True(
                load.Failures.Count == 0,
                $"Of {load.Requests} requests failed: {string.Join("\n", load.Failures)}"
            );
            var ends = await Task.WhenAll(load.Orders.Select(shop.Client.WaitForEndAsync));
            Assert.NotEmpty(ends);
            Assert.All(ends, order => Assert.Equal("Confirmed", order.GetProperty("status").GetString()));
            AssertDeliveredOnce(before);
        }
        finally
        {
            foreach (var replica in replicas)
                await replica.DisposeAsync();
        }
    }

    /// <summary>Waits until each replica that has something to receive has handled a message.</summary>
    private async Task WaitForDeliveriesAsync(IEnumerable<Replica> replicas)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var idle = replicas.Select(replica => replica.Id).Except(["users-replica", "storefront-replica"]).ToHashSet();
        while (idle.Count > 0)
        {
            Assert.False(limit.IsCancellationRequested, $"No message was handled by {string.Join(", ", idle)}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
            idle.ExceptWith(Deliveries().Select(span => span.Instance));
        }
    }

    /// <summary>
    /// Each delivery of a message to a context is one span. Orders of tests before this one do not count: a killed relay has
    /// sent some of their messages twice, which come when their deadline is due.
    /// </summary>
    private void AssertDeliveredOnce(HashSet<string> before)
    {
        var twice = Deliveries()
            .Where(span => !before.Contains(span.TraceId))
            .GroupBy(span => (span.Service, span.MessageId))
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.First().Name} by {string.Join(" and ", group.Select(span => span.Instance))}")
            .ToList();

        Assert.True(twice.Count == 0, $"Delivered more than once: {string.Join("; ", twice)}");
    }

    private IEnumerable<ReceivedSpan> Deliveries() =>
        shop.Telemetry.Spans.Where(span => span.Name.StartsWith("process ", StringComparison.Ordinal));
}
