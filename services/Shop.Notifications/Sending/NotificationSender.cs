using Microsoft.Extensions.Options;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>The lanes, side by side. Runs in every replica.</summary>
internal sealed class NotificationSender(
    DeliveryAttempt attempt,
    NotificationMetrics metrics,
    SenderSignals signals,
    IServiceScopeFactory scopes,
    IOptions<NotificationsOptions> options,
    ILogger<NotificationSender> logger
) : BackgroundService
{
    private readonly SenderLane[] _lanes =
    [
        .. Enum.GetValues<Channel>()
            .Select(channel => new SenderLane(channel, attempt, metrics, signals, scopes, options, logger)),
    ];

    /// <summary>Sends everything that is due at this moment; returns when it is over.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        // One after the other: finding recipients makes work for the others.
        foreach (var lane in _lanes)
        {
            while (await lane.RunDueAsync(cancellationToken) > 0) { }
        }

        await metrics.MeasureAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_lanes.Select(lane => lane.RunAsync(stoppingToken)));
}
