using System.Threading.Channels;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Receives on demand: asks the broker for as many messages as the caller wants, and no more.</summary>
internal sealed class MessagePull(Reopenable<ReceiveLink> links, int prefetch)
{
    /// <summary>How long a batch waits for the rest once its first message is there.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);

    // One at a time, or the credit of one caller would bring the messages of another.
    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(
        int maxMessages,
        TimeSpan maxWait,
        RetryPolicy retry,
        string entityPath,
        CancellationToken cancellationToken
    )
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var until = TimeProvider.System.GetUtcNow() + maxWait;
            for (var failures = 0; ; )
            {
                try
                {
                    var link = await retry
                        .RunAsync(
                            "open a link",
                            entityPath,
                            attempt => links.GetAsync(attempt).AsTask(),
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                    return await ReceiveAsync(link, maxMessages, until, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    var error = AmqpErrors.From(exception, entityPath);
                    var delay = retry.DelayAfter(error, ++failures);
                    if (
                        error is not ServiceBusException { IsTransient: true }
                        || TimeProvider.System.GetUtcNow() + delay > until
                    )
                    {
                        throw error;
                    }

                    await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(
        ReceiveLink link,
        int maxMessages,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var messages = new List<ServiceBusReceivedMessage>();
        link.AddCredit(Math.Max(maxMessages, prefetch) - link.Credit - link.Messages.Count);
        try
        {
            if (
                await WaitAsync(link.Messages, until - TimeProvider.System.GetUtcNow(), cancellationToken)
                    .ConfigureAwait(false)
            )
            {
                Take(link, messages, maxMessages);
                while (
                    messages.Count < maxMessages
                    && await WaitAsync(link.Messages, Grace, cancellationToken).ConfigureAwait(false)
                )
                {
                    Take(link, messages, maxMessages);
                }
            }
        }
        catch (Exception) when (messages.Count > 0)
        {
            // The caller gets what came; it meets the error when it comes back.
        }
        finally
        {
            if (prefetch == 0)
            {
                // Nobody waits for what would come now, and its lock would run.
                await link.DrainAsync().ConfigureAwait(false);
            }
        }

        Take(link, messages, maxMessages);
        return messages;
    }

    private static async Task<bool> WaitAsync(
        ChannelReader<ServiceBusReceivedMessage> messages,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        if (messages.Count > 0)
        {
            return true;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
        try
        {
            return await messages.WaitToReadAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static void Take(ReceiveLink link, List<ServiceBusReceivedMessage> messages, int maxMessages)
    {
        while (messages.Count < maxMessages && link.Messages.TryRead(out var message))
        {
            messages.Add(message);
        }
    }
}
