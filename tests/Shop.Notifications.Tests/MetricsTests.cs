using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shop.Notifications.Providers.Simulated;
using Shop.Notifications.Sending;
using Shop.Testing;

namespace Shop.Notifications.Tests;

public sealed class MetricsTests(InfrastructureFixture infrastructure)
{
    [Fact]
    public async Task What_is_sent_fails_and_waits_is_measured()
    {
        await using var app = await NotificationsApp.StartAsync(infrastructure);
        var meter = app.Get<IMeterFactory>().Create(NotificationMetrics.MeterName);
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
                counted.AddOrUpdate(
                    $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}",
                    value,
                    (_, before) => before + value
                )
        );
        listener.Start();
        var sent = Given.Somebody(email: false, push: true);
        var refused = Given.Somebody(email: false, sms: true, phone: SimulatedSmsProvider.UnknownNumber);
        var unavailable = Given.Somebody(email: false, sms: true, phone: SimulatedSmsProvider.UnreachableNumber);
        foreach (var user in new[] { sent, refused, unavailable })
        {
            await app.TellAsync(user);
            await app.TellAsync(Given.Shipped(Guid.CreateVersion7(), user.UserId));
        }

        await app.SendDueAsync();
        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, counted["shop.notifications.sent Push OrderShipped"]);
        Assert.Equal(1, counted["shop.notifications.failed Sms OrderShipped dead-lettered"]);
        Assert.Equal(1, counted["shop.notifications.failed Sms OrderShipped retried"]);
        Assert.Equal(TimeSpan.FromMinutes(1), app.Get<NotificationMetrics>().OldestPending);
    }
}
