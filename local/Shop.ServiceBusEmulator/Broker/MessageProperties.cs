namespace Shop.ServiceBusEmulator.Broker;

/// <summary>What the broker itself reads of a message: filters, expiry and scheduling look at nothing else.</summary>
internal sealed record MessageProperties
{
    public static readonly IReadOnlyDictionary<string, object?> NoProperties = new Dictionary<string, object?>();

    public string? MessageId { get; init; }
    public string? CorrelationId { get; init; }
    public string? To { get; init; }
    public string? ReplyTo { get; init; }
    public string? Subject { get; init; }
    public string? ContentType { get; init; }
    public string? SessionId { get; init; }
    public string? ReplyToSessionId { get; init; }

    /// <summary>The sender's time to live, counted from the moment the message is enqueued.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>When the message is to appear; a time in the past means at once.</summary>
    public DateTimeOffset? ScheduledEnqueueTime { get; init; }

    /// <summary>The sender's own (application) properties.</summary>
    public IReadOnlyDictionary<string, object?> Application { get; init; } = NoProperties;
}
