using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shop.Testing;

namespace Shop.Payments.Tests;

public sealed class PaymentMetricsTests(InfrastructureFixture infrastructure)
{
    [Fact]
    public async Task Each_attempt_is_counted_by_what_was_asked_and_what_came_of_it()
    {
        await using var app = await PaymentsApp.StartAsync(infrastructure);
        var meters = await app.InScopeAsync<IMeterFactory, IMeterFactory>(Task.FromResult);
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "shop.payments.attempts")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) =>
                counted.Enqueue($"{value} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}")
        );
        listener.Start();

        await app.ProcessAsync(Guid.CreateVersion7());
        await app.ProcessAsync(Guid.CreateVersion7(), "pm_card_chargeDeclined");
        await app.RunDueAsync();
        await app.ProcessAsync(Guid.CreateVersion7(), "pm_card_timeout");
        var attempts = app.RunDueAsync();
        await PaymentsApp.UntilAsync("The provider is asked", async () => (await app.ChargesAsync()).Count == 3);
        app.Time.Advance(new PaymentsOptions().ProviderTimeout);
        await attempts;

        Assert.Equal(["1 charge card_declined", "1 charge charged", "1 charge unanswered"], counted.Order());
    }
}
