using Azure.Messaging.ServiceBus.Diagnostics;

namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>One message from its arrival to its settlement.</summary>
internal sealed class MessageRun(ServiceBusReceiver receiver, ProcessorErrors errors, bool autoComplete)
{
    /// <summary>Runs the handler, then completes or abandons the message unless that was done. Never throws.</summary>
    public async Task RunAsync(ServiceBusReceivedMessage message, Func<Task> handleAsync, Func<bool> isSettled)
    {
        using var activity = receiver.Diagnostics.Processing(message, receiver is ServiceBusSessionReceiver);
        var handled = false;
        try
        {
            await handleAsync().ConfigureAwait(false);
            handled = true;
        }
        catch (Exception exception)
        {
            ClientDiagnostics.Failed(activity, exception);
            await errors.ReportAsync(exception, ServiceBusErrorSource.ProcessMessageCallback).ConfigureAwait(false);
        }

        if (receiver.ReceiveMode != ServiceBusReceiveMode.PeekLock || isSettled())
        {
            return;
        }

        // Also while the processor stops. If it fails the lock ends, and the message is delivered again.
        if (!handled)
        {
            await errors
                .TryAsync(
                    () => receiver.AbandonMessageAsync(message, null, CancellationToken.None),
                    ServiceBusErrorSource.Abandon
                )
                .ConfigureAwait(false);
        }
        else if (autoComplete)
        {
            await errors
                .TryAsync(
                    () => receiver.CompleteMessageAsync(message, CancellationToken.None),
                    ServiceBusErrorSource.Complete
                )
                .ConfigureAwait(false);
        }
    }
}
