using System.Security.Cryptography;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>The policy that <see cref="ServiceBusRetryOptions"/> describe: a delay that grows, with some jitter.</summary>
internal sealed class BackOffRetryPolicy(ServiceBusRetryOptions options) : ServiceBusRetryPolicy
{
    // A broker that says it is busy gets the pause that Service Bus documents.
    private static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(10);

    public override TimeSpan CalculateTryTimeout(int attemptCount) => options.TryTimeout;

    public override TimeSpan? CalculateRetryDelay(Exception lastException, int attemptCount)
    {
        if (attemptCount > options.MaxRetries || !IsTransient(lastException))
        {
            return null;
        }

        var delay =
            options.Mode == ServiceBusRetryMode.Fixed
                ? options.Delay
                : options.Delay * Math.Pow(2, Math.Min(attemptCount - 1, 16));
        delay = delay < options.MaxDelay ? delay : options.MaxDelay;
        if (lastException is ServiceBusException { Reason: ServiceBusFailureReason.ServiceBusy } && delay < BusyDelay)
        {
            delay = BusyDelay;
        }

        return Jitter(delay);
    }

    /// <summary>Spreads clients that failed together, so that they do not come back together.</summary>
    public static TimeSpan Jitter(TimeSpan delay) => delay * (0.9 + (RandomNumberGenerator.GetInt32(0, 200) / 1000d));

    private static bool IsTransient(Exception exception) =>
        exception is TimeoutException or ServiceBusException { IsTransient: true };
}
