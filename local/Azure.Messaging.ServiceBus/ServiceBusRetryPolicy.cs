namespace Azure.Messaging.ServiceBus;

/// <summary>Decides whether and when an operation is tried again.</summary>
public abstract class ServiceBusRetryPolicy
{
    /// <summary>Gets how long an attempt may take.</summary>
    /// <param name="attemptCount">How many attempts were made before.</param>
    public abstract TimeSpan CalculateTryTimeout(int attemptCount);

    /// <summary>Gets how long to wait before the next attempt; null when there shall be none.</summary>
    /// <param name="lastException">What the last attempt ended in.</param>
    /// <param name="attemptCount">How many attempts were made.</param>
    public abstract TimeSpan? CalculateRetryDelay(Exception lastException, int attemptCount);
}
