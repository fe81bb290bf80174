namespace Azure.Messaging.ServiceBus;

/// <summary>How often, and how far apart, an operation is tried.</summary>
public class ServiceBusRetryOptions
{
    /// <summary>Gets or sets how the delay grows. Exponentially by default.</summary>
    public ServiceBusRetryMode Mode { get; set; } = ServiceBusRetryMode.Exponential;

    /// <summary>Gets or sets how many times an operation is tried again, 0 to 100. 3 by default.</summary>
    public int MaxRetries
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            field = value;
        }
    } = 3;

    /// <summary>Gets or sets the delay, or the factor of an exponential one; 1 ms to 5 minutes. 0.8 s by default.</summary>
    public TimeSpan Delay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(5));
            field = value;
        }
    } = TimeSpan.FromSeconds(0.8);

    /// <summary>Gets or sets the longest delay. A minute by default.</summary>
    public TimeSpan MaxDelay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long one attempt may take. A minute by default.</summary>
    public TimeSpan TryTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets a policy of one's own; the other options are not looked at then.</summary>
    public ServiceBusRetryPolicy? CustomRetryPolicy { get; set; }
}
