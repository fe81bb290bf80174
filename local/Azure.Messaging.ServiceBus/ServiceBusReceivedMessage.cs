namespace Azure.Messaging.ServiceBus;

/// <summary>A message that was received or peeked at.</summary>
public class ServiceBusReceivedMessage
{
    private readonly BinaryData? _body;

    internal ServiceBusReceivedMessage(BinaryData? body, IReadOnlyDictionary<string, object> applicationProperties)
    {
        _body = body;
        ApplicationProperties = applicationProperties;
    }

    /// <summary>Gets the body.</summary>
    /// <exception cref="NotSupportedException">The sender put a value or a sequence there, not bytes.</exception>
    public BinaryData Body =>
        _body
        ?? throw new NotSupportedException(
            $"The body of message {MessageId} is an AMQP value or sequence; only binary bodies are read here."
        );

    /// <summary>Gets the id given by the sender.</summary>
    public string? MessageId { get; internal init; }

    /// <summary>Gets the key that keeps messages together in a partitioned entity.</summary>
    public string? PartitionKey { get; internal init; }

    /// <summary>Gets the key of the partition that a transfer went through.</summary>
    public string? TransactionPartitionKey { get; internal init; }

    /// <summary>Gets the session that the message belongs to.</summary>
    public string? SessionId { get; internal init; }

    /// <summary>Gets the session to reply to.</summary>
    public string? ReplyToSessionId { get; internal init; }

    /// <summary>Gets how long the message is worth delivering.</summary>
    public TimeSpan TimeToLive { get; internal init; } = TimeSpan.MaxValue;

    /// <summary>Gets what the message belongs to.</summary>
    public string? CorrelationId { get; internal init; }

    /// <summary>Gets what the message is about.</summary>
    public string? Subject { get; internal init; }

    /// <summary>Gets whom the message is for.</summary>
    public string? To { get; internal init; }

    /// <summary>Gets the media type of the body.</summary>
    public string? ContentType { get; internal init; }

    /// <summary>Gets where to reply to.</summary>
    public string? ReplyTo { get; internal init; }

    /// <summary>Gets the time before which the message was not to be delivered.</summary>
    public DateTimeOffset ScheduledEnqueueTime { get; internal init; }

    /// <summary>Gets the sender's own properties.</summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; }

    /// <summary>Gets what the broker knows the lock by.</summary>
    public string LockToken => LockTokenGuid.ToString();

    /// <summary>Gets how many times the message was delivered, this time included.</summary>
    public int DeliveryCount { get; internal init; }

    /// <summary>Gets when the lock ends.</summary>
    public DateTimeOffset LockedUntil { get; internal set; }

    /// <summary>Gets the number that the entity gave to the message; unique, and rising with the order of arrival.</summary>
    public long SequenceNumber { get; internal init; } = -1;

    /// <summary>Gets the entity in which the message was a dead letter before it was forwarded.</summary>
    public string? DeadLetterSource { get; internal init; }

    /// <summary>Gets the number that the first entity gave to the message before it was forwarded.</summary>
    public long EnqueuedSequenceNumber { get; internal init; }

    /// <summary>Gets when the entity accepted the message.</summary>
    public DateTimeOffset EnqueuedTime { get; internal init; }

    /// <summary>Gets when the message stops to be worth delivering.</summary>
    public DateTimeOffset ExpiresAt =>
        TimeToLive >= DateTimeOffset.MaxValue - EnqueuedTime ? DateTimeOffset.MaxValue : EnqueuedTime + TimeToLive;

    /// <summary>Gets why the message is a dead letter.</summary>
    public string? DeadLetterReason => Text(MessageProperties.DeadLetterReason);

    /// <summary>Gets more of why the message is a dead letter.</summary>
    public string? DeadLetterErrorDescription => Text(MessageProperties.DeadLetterErrorDescription);

    /// <summary>Gets what the message waits for.</summary>
    public ServiceBusMessageState State { get; internal init; }

    internal Guid LockTokenGuid { get; init; }

    /// <summary>Where it came from, and can be settled while that is open; null when it came through management.</summary>
    internal Transport.Arrival? Arrival { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{{MessageId:{MessageId}}}";

    private string? Text(string property) =>
        ApplicationProperties.TryGetValue(property, out var value) ? value as string : null;
}
