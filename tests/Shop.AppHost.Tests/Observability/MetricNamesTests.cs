namespace Shop.AppHost.Tests.Observability;

/// <summary>
/// What operators look at is made of metrics that the running shop exports: a renamed metric breaks this test instead of an
/// alert that then never fires.
/// </summary>
public sealed class MetricNamesTests(RunningShop shop)
{
    // What Prometheus makes of a resource.
    private static readonly string[] s_resourceLabels = ["job", "instance"];

    [Fact]
    public async Task Every_metric_and_label_of_a_dashboard_or_an_alert_exists()
    {
        var queries = OperatorQueries.All();
        Assert.True(queries.Count >= 20, $"Only {queries.Count} queries were found in deploy/observability.");
        await DoBusinessAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<string> missing;
        while ((missing = Missing(queries)).Count > 0 && !limit.IsCancellationRequested)
            await Task.Delay(200, TestContext.Current.CancellationToken);

        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    /// <summary>An order that is delivered and one that is not paid, so that everything that is counted happens once.</summary>
    private async Task DoBusinessAsync()
    {
        var staff = new Person(shop.Client.Stranger, "operator");
        var id = await shop.Client.OrderAsync(Products.Number(0x35), 1);
        await shop.Client.WaitForEndAsync(id);
        await shop.Client.WaitForEndAsync(
            await shop.Client.OrderAsync(Products.Number(0x35), 1, "pm_card_chargeDeclined")
        );
        using var shipped = await staff.PostAsync($"/api/orders/{id}/ship");
        using var delivered = await staff.PostAsync($"/api/orders/{id}/deliver");
        Assert.True(delivered.IsSuccessStatusCode, $"Delivering answered {(int)delivered.StatusCode}.");
    }

    private List<string> Missing(IReadOnlyList<OperatorQuery> queries) =>
        [
            .. queries.SelectMany(query =>
            {
                var (metrics, labels) = PromQl.Read(query.Expression);
                return metrics
                    .Where(name => !shop.Telemetry.HasSeries(name))
                    .Concat(
                        labels
                            .Except(s_resourceLabels)
                            .Where(name => !shop.Telemetry.HasLabel(name))
                            .Select(name => $"label {name}")
                    )
                    .Select(name => $"{query.Where}: no service exports {name}.");
            }),
        ];
}
