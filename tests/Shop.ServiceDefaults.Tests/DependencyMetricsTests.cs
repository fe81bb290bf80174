using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Tests;

public sealed class DependencyMetricsTests
{
    [Theory]
    [InlineData(HealthStatus.Healthy, 1)]
    [InlineData(HealthStatus.Degraded, 0)]
    [InlineData(HealthStatus.Unhealthy, 0)]
    public async Task A_dependency_that_does_not_answer_is_measured_as_down_also_when_the_service_can_do_without_it(
        HealthStatus status,
        int expected
    )
    {
        await using var host = await TestHost.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("warehouse", () => new HealthCheckResult(status))
        );
        var measured = new List<(string Name, int Value, object? Dependency)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == host.Services.GetRequiredService<IMeterFactory>())
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>(
            (instrument, value, tags, _) =>
            {
                if (instrument.Name == "shop.dependency.up")
                {
                    measured.Add((instrument.Name, value, tags[0].Value));
                }
            }
        );
        listener.Start();

        await host
            .Services.GetServices<IHostedService>()
            .OfType<DependencyMetrics>()
            .Single()
            .MeasureAsync(TestContext.Current.CancellationToken);
        listener.RecordObservableInstruments();

        Assert.Equal([("shop.dependency.up", expected, "warehouse")], measured);
    }
}
