namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>Tells a processor's error handler.</summary>
internal sealed class ProcessorErrors(
    string fullyQualifiedNamespace,
    string entityPath,
    string identifier,
    Func<ProcessErrorEventArgs, Task> handler,
    CancellationToken stopping
)
{
    /// <summary>Never throws: what the handler throws itself has nobody to go to.</summary>
    public async Task ReportAsync(Exception exception, ServiceBusErrorSource source)
    {
        try
        {
            await handler(
                    new ProcessErrorEventArgs(
                        exception,
                        source,
                        fullyQualifiedNamespace,
                        entityPath,
                        identifier,
                        stopping
                    )
                )
                .ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            System.Diagnostics.Trace.TraceError($"The error handler of {entityPath} failed: {failure}");
        }
    }

    public async Task TryAsync(Func<Task> action, ServiceBusErrorSource source)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await ReportAsync(exception, source).ConfigureAwait(false);
        }
    }
}
