using System.Collections.ObjectModel;

namespace Azure.Messaging.ServiceBus;

/// <summary>How a processor of sessions receives and handles.</summary>
public class ServiceBusSessionProcessorOptions
{
    /// <summary>Gets or sets whether a message is completed when its handler returns. It is by default.</summary>
    public bool AutoCompleteMessages { get; set; } = true;

    /// <summary>Gets or sets for how long the lock of a session is renewed. 5 minutes by default.</summary>
    public TimeSpan MaxAutoLockRenewalDuration
    {
        get;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            }

            field = value;
        }
    } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how many sessions are handled at the same time. 8 by default.</summary>
    public int MaxConcurrentSessions
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 8;

    /// <summary>Gets or sets how many handlers run at the same time for one session. 1 by default: messages keep their order.</summary>
    public int MaxConcurrentCallsPerSession
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>Gets or sets how long a session without messages is kept before another gets its turn; a try's time when null.</summary>
    public TimeSpan? SessionIdleTimeout
    {
        get;
        set
        {
            if (value is { } timeout)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Gets or sets how many messages are fetched ahead of need. None by default.</summary>
    public int PrefetchCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Gets or sets whether messages are locked or deleted when received. Locked by default.</summary>
    public ServiceBusReceiveMode ReceiveMode { get; set; }

    /// <summary>Gets the sessions to handle; any when there are none.</summary>
    public IList<string> SessionIds { get; } = new Collection<string>();

    /// <summary>Gets or sets the name in diagnostics; made up when not set.</summary>
    public string? Identifier { get; set; }
}
