using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>How long the oldest message has been waiting to be sent: the metric <c>shop.outbox.lag</c>.</summary>
internal abstract class OutboxLag(MessagingContext context, TimeProvider time)
{
    private long _oldestTicks;

    /// <summary>Zero if nothing waits.</summary>
    public TimeSpan Current =>
        Interlocked.Read(ref _oldestTicks) is > 0 and var oldest
        && time.GetUtcNow().UtcTicks - oldest is > 0 and var lag
            ? TimeSpan.FromTicks(lag)
            : TimeSpan.Zero;

    /// <summary>For the operator who looks at the service's readiness.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{context.Name}: oldest unsent message {Current.TotalSeconds:F1} s"
        );

    protected void SetOldest(DateTimeOffset? oldest) => Interlocked.Exchange(ref _oldestTicks, oldest?.UtcTicks ?? 0);
}

internal sealed class OutboxLag<TContext> : OutboxLag
    where TContext : DbContext
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly OutboxStore<TContext> _store;
    private readonly TimeProvider _time;
    private long _measuredAt;

    public OutboxLag(
        MessagingContext<TContext> context,
        OutboxStore<TContext> store,
        TimeProvider time,
        IMeterFactory meters
    )
        : base(context, time)
    {
        _store = store;
        _time = time;
        meters
            .Create(MessagingTelemetry.Name)
            .CreateObservableGauge(
                "shop.outbox.lag",
                () =>
                    new Measurement<double>(
                        Current.TotalSeconds,
                        KeyValuePair.Create("shop.context", (object?)context.Name)
                    ),
                "s",
                "Age of the oldest message that is not sent yet."
            );
    }

    /// <summary>Looks into the outbox, once a second at most.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_measuredAt != 0 && _time.GetElapsedTime(_measuredAt) < Interval)
        {
            return;
        }

        SetOldest(await _store.OldestAsync(cancellationToken));
        _measuredAt = _time.GetTimestamp();
    }
}
