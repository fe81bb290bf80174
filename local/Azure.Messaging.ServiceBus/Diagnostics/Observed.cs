using System.Diagnostics;

namespace Azure.Messaging.ServiceBus.Diagnostics;

/// <summary>Runs something inside of a span that shows whether it failed.</summary>
internal static class Observed
{
    public static async Task RunAsync(Activity? activity, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ClientDiagnostics.Failed(activity, exception);
            throw;
        }
    }

    public static async Task<TResult> RunAsync<TResult>(Activity? activity, Func<Task<TResult>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ClientDiagnostics.Failed(activity, exception);
            throw;
        }
    }
}
