using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using Shop.Notifications.Domain;
using Shop.Notifications.Providers;

namespace Shop.Notifications.Sending;

/// <summary>
/// Sends one notification that was taken, and writes down what came of it. No transaction is open while the provider is asked.
/// </summary>
internal sealed partial class DeliveryAttempt(
    Delivery delivery,
    MailHealth mail,
    NotificationMetrics metrics,
    IServiceScopeFactory scopes,
    IOptions<NotificationsOptions> options,
    TimeProvider time,
    ILogger<DeliveryAttempt> logger
)
{
    private static readonly ActivitySource Source = new(NotificationMetrics.MeterName);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(4);

    /// <summary>Makes one attempt; what it comes to is stored even when the service is told to stop meanwhile.</summary>
    public async Task RunAsync(Notification taken, Recipient? recipient, CancellationToken stoppingToken)
    {
        using var activity = Source.StartActivity(
            $"notify {taken.Channel.ToString().ToLowerInvariant()}",
            ActivityKind.Client,
            taken.TraceParent
        );
        activity?.SetTag("shop.order.id", taken.OrderId);
        activity?.SetTag("shop.notification.id", taken.Id);
        activity?.SetTag("shop.notification.kind", taken.Kind.ToString());
        activity?.SetTag("shop.notification.attempt", taken.Attempts);

        var result = await SendInTimeAsync(taken, recipient, stoppingToken);
        if (result is not DeliveryResult.Accepted)
        {
            activity?.SetStatus(ActivityStatusCode.Error, result?.GetType().Name);
        }

        await using var scope = scopes.CreateAsyncScope();
        using var limit = new CancellationTokenSource(WriteLimit);
        // The attempt's own span says it.
        using var untraced = SuppressInstrumentationScope.Begin();
        await StoreAsync(
            scope.ServiceProvider.GetRequiredService<DeliveryOutcomes>(),
            taken,
            result,
            recipient,
            limit.Token
        );
    }

    private Task StoreAsync(
        DeliveryOutcomes outcomes,
        Notification taken,
        DeliveryResult? result,
        Recipient? recipient,
        CancellationToken cancellationToken
    )
    {
        switch (result)
        {
            case null:
                return outcomes.HandBackAsync(taken, cancellationToken);
            case DeliveryResult.Accepted:
                metrics.Sent(taken);
                return outcomes.SentAsync(taken, cancellationToken);
            case DeliveryResult.Refused refused when recipient?.WhyNotBy(taken.Channel) is not null:
                return outcomes.EndAsync(taken, NotificationStatus.Suppressed, refused.Reason, cancellationToken);
            case DeliveryResult.Refused refused:
                return GiveUpAsync(outcomes, taken, refused.Reason, cancellationToken);
            case DeliveryResult.Unavailable unavailable when taken.Attempts >= options.Value.MaxAttempts:
                return GiveUpAsync(
                    outcomes,
                    taken,
                    $"Given up after {taken.Attempts} attempts. {unavailable.Reason}",
                    cancellationToken
                );
            case DeliveryResult.Unavailable unavailable:
                metrics.Failed(taken, "retried");
                var delay = options.Value.DelayAfter(taken.Attempts);
                return outcomes.PutOffAsync(taken, delay, unavailable.Reason, cancellationToken);
            default:
                throw new InvalidOperationException($"{result} is not an outcome.");
        }
    }

    private Task GiveUpAsync(
        DeliveryOutcomes outcomes,
        Notification taken,
        string reason,
        CancellationToken cancellationToken
    )
    {
        metrics.Failed(taken, "dead-lettered");
        Log.GivenUp(logger, taken.Kind, taken.OrderId, taken.Channel, reason);
        return outcomes.EndAsync(taken, NotificationStatus.DeadLettered, reason, cancellationToken);
    }

    // Null when the service was told to stop before there was an answer.
    private async Task<DeliveryResult?> SendInTimeAsync(
        Notification taken,
        Recipient? recipient,
        CancellationToken stoppingToken
    )
    {
        if (recipient is null)
        {
            return new DeliveryResult.Refused("The recipient is not known any more.");
        }

        if (recipient.WhyNotBy(taken.Channel) is { } notWanted)
        {
            return new DeliveryResult.Refused(notWanted);
        }

        var result = await AskAsync(taken, recipient, stoppingToken);
        if (result is not null && taken.Channel == Channel.Email)
        {
            mail.Saw(result);
        }

        if (result is DeliveryResult.Unavailable unavailable)
        {
            Log.Unavailable(logger, taken.Attempts, taken.Kind, taken.OrderId, taken.Channel, unavailable.Reason);
        }

        return result;
    }

    private async Task<DeliveryResult?> AskAsync(
        Notification taken,
        Recipient recipient,
        CancellationToken stoppingToken
    )
    {
        using var timeout = new CancellationTokenSource(options.Value.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            return await delivery.SendAsync(taken, recipient, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return new DeliveryResult.Unavailable($"There was no answer within {options.Value.AttemptTimeout}.");
        }
        catch (Exception exception)
        {
            Log.NotSent(logger, exception, taken.Id);
            return new DeliveryResult.Unavailable($"It could not be sent: {exception.GetType().Name}.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Kind} of order {OrderId} is not sent by {Channel}: {Reason}")]
        public static partial void GivenUp(
            ILogger logger,
            NotificationKind kind,
            Guid orderId,
            Channel channel,
            string reason
        );

        [LoggerMessage(
            LogLevel.Warning,
            "Attempt {Attempt} to send {Kind} of order {OrderId} by {Channel} failed: {Reason}"
        )]
        public static partial void Unavailable(
            ILogger logger,
            int attempt,
            NotificationKind kind,
            Guid orderId,
            Channel channel,
            string reason
        );

        [LoggerMessage(LogLevel.Error, "Notification {NotificationId} could not be sent")]
        public static partial void NotSent(ILogger logger, Exception exception, Guid notificationId);
    }
}
