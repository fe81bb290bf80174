using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Shop.Messaging;

/// <summary>Handles one delivery and decides what becomes of the message; knows nothing of how it was delivered.</summary>
internal sealed partial class MessageHandling<TContext>(
    MessagingContext<TContext> context,
    InboxTransaction<TContext> inbox,
    InboxBatches<TContext> batches,
    MessagingSettings settings,
    ILogger<MessageHandling<TContext>> logger
)
    where TContext : DbContext
{
    public async Task<Settlement> HandleAsync(
        MessageContext message,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        var settlement = await TryHandleAsync(message, body, cancellationToken);
        if (settlement is Settlement.DeadLetter deadLetter)
        {
            LogRejected(message.Type, message.MessageId, deadLetter.Reason, deadLetter.Description);
            Activity.Current?.SetStatus(ActivityStatusCode.Error, deadLetter.Reason);
        }

        MessagingTelemetry.SetOutcome(settlement);
        MessagingTelemetry.Processed.Add(
            1,
            KeyValuePair.Create("messaging.destination.name", (object?)context.Name),
            KeyValuePair.Create("shop.message.type", (object?)message.Type),
            KeyValuePair.Create("shop.outcome", (object?)settlement.Outcome)
        );
        return settlement;
    }

    private async Task<Settlement> TryHandleAsync(
        MessageContext message,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        if (message.MessageId.Length == 0)
        {
            return new Settlement.DeadLetter(
                "MissingMessageId",
                "Without an id, deliveries of the same message cannot be told from others."
            );
        }

        var handlers = context.Subscriptions.To(message.Type);
        if (handlers.Count == 0)
        {
            return new Settlement.DeadLetter(
                "UnknownMessageType",
                $"{context.Name} handles no messages of type '{message.Type}'."
            );
        }

        try
        {
            var handled = false;
            foreach (var handler in handlers)
            {
                handled |= await RetryAsync(handler, message, body, cancellationToken);
            }

            return handled ? new Settlement.Handled() : new Settlement.Duplicate();
        }
        catch (JsonException exception)
        {
            // The path names the place; the exception's message could quote the body.
            return new Settlement.DeadLetter(
                "UnreadableMessage",
                $"The body is not a {message.Type}; see {exception.Path ?? "$"}, line {exception.LineNumber + 1 ?? 1}."
            );
        }
        catch (MessageRejectedException exception)
        {
            return new Settlement.DeadLetter(exception.Reason, exception.Message);
        }
        catch (Exception exception)
        {
            LogFailed(exception, message.Type, message.MessageId, message.DeliveryCount);
            Activity.Current?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            return new Settlement.Retry();
        }
    }

    /// <summary>First together with others; when that fails, alone, and transient failures again on the spot while the message is locked.</summary>
    /// <returns>Whether it was handled now, rather than before.</returns>
    private async Task<bool> RetryAsync(
        Subscription handler,
        MessageContext message,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (attempt == 1 ? await batches.RunAsync(Read(), cancellationToken) : null)
                    ?? (await inbox.RunAsync([Read()], settings.HandlerLimit, cancellationToken))[0];
            }
            catch (Exception exception)
                when (attempt <= settings.TransientRetries && TransientErrors.IsTransient(exception))
            {
                LogRetried(exception, message.Type, message.MessageId, attempt);
                var pause = Backoff.After(attempt, settings.RetryPause, TimeSpan.FromSeconds(2));
                await Task.Delay(pause, cancellationToken);
            }
        }

        // Read anew each time, so that a handler cannot see what an earlier try did to it.
        Delivery Read() => new(handler, handler.Read(body), message);
    }

    [LoggerMessage(
        LogLevel.Error,
        "{MessageType} {MessageId} failed at delivery {DeliveryCount} and goes back to the queue"
    )]
    private partial void LogFailed(Exception exception, string messageType, string messageId, int deliveryCount);

    [LoggerMessage(
        LogLevel.Warning,
        "{MessageType} {MessageId} failed for the moment and is tried again, try {Attempt}"
    )]
    private partial void LogRetried(Exception exception, string messageType, string messageId, int attempt);

    [LoggerMessage(LogLevel.Error, "{MessageType} {MessageId} goes to the dead-letter queue: {Reason}: {Description}")]
    private partial void LogRejected(string messageType, string messageId, string reason, string description);
}
