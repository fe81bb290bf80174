using Azure.Messaging.ServiceBus.Diagnostics;

namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>One message from its arrival to its settlement.</summary>
internal sealed class MessageRun(ServiceBusProcessor processor, ServiceBusReceiver receiver, CancellationToken stopping)
{
    private bool Locks => receiver.ReceiveMode == ServiceBusReceiveMode.PeekLock;

    /// <summary>Runs the handler, then completes or abandons the message. Never throws.</summary>
    public async Task RunAsync(ServiceBusReceivedMessage message)
    {
        using var activity = receiver.Diagnostics.Processing(message);
        var args = new ProcessMessageEventArgs(message, receiver, processor.Identifier, stopping);
        var handled = false;
        await using (LockRenewal.Start(this, processor, receiver, args).ConfigureAwait(false))
        {
            try
            {
                await processor.OnProcessMessageAsync(args).ConfigureAwait(false);
                handled = true;
            }
            catch (Exception exception)
            {
                ClientDiagnostics.Failed(activity, exception);
                await ReportAsync(exception, ServiceBusErrorSource.ProcessMessageCallback).ConfigureAwait(false);
            }
        }

        if (!Locks || args.IsSettled)
        {
            return;
        }

        if (!handled)
        {
            await AbandonAsync(message).ConfigureAwait(false);
        }
        else if (processor.AutoCompleteMessages)
        {
            await TryAsync(
                    // A message that was handled is completed even while the processor stops.
                    () => receiver.CompleteMessageAsync(message, CancellationToken.None),
                    ServiceBusErrorSource.Complete
                )
                .ConfigureAwait(false);
        }
    }

    public Task AbandonAsync(ServiceBusReceivedMessage message) =>
        TryAsync(
            () => receiver.AbandonMessageAsync(message, null, CancellationToken.None),
            ServiceBusErrorSource.Abandon
        );

    /// <summary>Tells the error handler. What that throws itself has nobody to go to.</summary>
    public async Task ReportAsync(Exception exception, ServiceBusErrorSource source)
    {
        try
        {
            await processor
                .OnProcessErrorAsync(
                    new ProcessErrorEventArgs(
                        exception,
                        source,
                        processor.FullyQualifiedNamespace,
                        processor.EntityPath,
                        processor.Identifier,
                        stopping
                    )
                )
                .ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            System.Diagnostics.Trace.TraceError($"The error handler of {processor.EntityPath} failed: {failure}");
        }
    }

    private async Task TryAsync(Func<Task> settle, ServiceBusErrorSource source)
    {
        try
        {
            await settle().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The lock ends, and the message is delivered again.
            await ReportAsync(exception, source).ConfigureAwait(false);
        }
    }
}
