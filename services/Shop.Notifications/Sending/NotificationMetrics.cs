using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>How many were sent and failed, and how long the oldest has been due.</summary>
internal sealed class NotificationMetrics
{
    public const string MeterName = "Shop.Notifications";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failed;
    private long _oldestTicks;
    private long _measuredAt;

    public NotificationMetrics(IServiceScopeFactory scopes, TimeProvider time, IMeterFactory meters)
    {
        (_scopes, _time) = (scopes, time);
        var meter = meters.Create(MeterName);
        _sent = meter.CreateCounter<long>(
            "shop.notifications.sent",
            "{notification}",
            "Notifications that a provider has taken, by channel and kind."
        );
        _failed = meter.CreateCounter<long>(
            "shop.notifications.failed",
            "{notification}",
            "Attempts that failed, by channel, kind and outcome: retried or dead-lettered."
        );
        meter.CreateObservableGauge(
            "shop.notifications.oldest_pending",
            () => OldestPending.TotalSeconds,
            "s",
            "For how long the oldest notification that is not sent yet has been due."
        );
    }

    /// <summary>Zero if nothing is due.</summary>
    public TimeSpan OldestPending =>
        Interlocked.Read(ref _oldestTicks) is > 0 and var oldest
        && _time.GetUtcNow().UtcTicks - oldest is > 0 and var age
            ? TimeSpan.FromTicks(age)
            : TimeSpan.Zero;

    public void Sent(Notification notification)
    {
        _sent.Add(1, ChannelOf(notification), KindOf(notification));
        // A counter that appears with its first failure has no rate for it.
        AddFailed(0, notification, "retried");
        AddFailed(0, notification, "dead-lettered");
    }

    public void Failed(Notification notification, string outcome) => AddFailed(1, notification, outcome);

    /// <summary>Looks for the oldest, once a second at most.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_measuredAt != 0 && _time.GetElapsedTime(_measuredAt) < Interval)
        {
            return;
        }

        await using var scope = _scopes.CreateAsyncScope();
        var oldest = await scope
            .ServiceProvider.GetRequiredService<NotificationsDbContext>()
            .Notifications.Where(notification => notification.NextAttemptAt != null)
            .MinAsync(notification => (DateTimeOffset?)notification.DueAt, cancellationToken);
        Interlocked.Exchange(ref _oldestTicks, oldest?.UtcTicks ?? 0);
        _measuredAt = _time.GetTimestamp();
    }

    private void AddFailed(int count, Notification notification, string outcome) =>
        _failed.Add(
            count,
            ChannelOf(notification),
            KindOf(notification),
            KeyValuePair.Create("shop.outcome", (object?)outcome)
        );

    private static KeyValuePair<string, object?> ChannelOf(Notification notification) =>
        KeyValuePair.Create("shop.notification.channel", (object?)notification.Channel.ToString());

    private static KeyValuePair<string, object?> KindOf(Notification notification) =>
        KeyValuePair.Create("shop.notification.kind", (object?)notification.Kind.ToString());
}
