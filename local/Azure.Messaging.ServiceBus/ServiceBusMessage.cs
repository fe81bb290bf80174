namespace Azure.Messaging.ServiceBus;

/// <summary>A message to send.</summary>
public class ServiceBusMessage
{
    /// <summary>Creates a message with an empty body.</summary>
    public ServiceBusMessage()
        : this(ReadOnlyMemory<byte>.Empty) { }

    /// <summary>Creates a message.</summary>
    /// <param name="body">The body, sent as UTF-8.</param>
    public ServiceBusMessage(string body)
        : this(new BinaryData(body)) { }

    /// <summary>Creates a message.</summary>
    /// <param name="body">The body.</param>
    public ServiceBusMessage(ReadOnlyMemory<byte> body)
        : this(new BinaryData(body)) { }

    /// <summary>Creates a message.</summary>
    /// <param name="body">The body.</param>
    public ServiceBusMessage(BinaryData body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Body = body;
    }

    /// <summary>Creates a message to be sent again: as it was received, without what the broker had added.</summary>
    /// <param name="receivedMessage">The received message.</param>
    public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage)
    {
        ArgumentNullException.ThrowIfNull(receivedMessage);
        Body = receivedMessage.Body;
        ContentType = receivedMessage.ContentType;
        CorrelationId = receivedMessage.CorrelationId;
        MessageId = receivedMessage.MessageId;
        PartitionKey = receivedMessage.PartitionKey;
        ReplyTo = receivedMessage.ReplyTo;
        ReplyToSessionId = receivedMessage.ReplyToSessionId;
        SessionId = receivedMessage.SessionId;
        Subject = receivedMessage.Subject;
        TimeToLive = receivedMessage.TimeToLive;
        To = receivedMessage.To;
        TransactionPartitionKey = receivedMessage.TransactionPartitionKey;
        foreach (var (name, value) in receivedMessage.ApplicationProperties)
        {
            if (name is not (MessageProperties.DeadLetterReason or MessageProperties.DeadLetterErrorDescription))
            {
                ApplicationProperties[name] = value;
            }
        }
    }

    /// <summary>Gets or sets the body.</summary>
    public BinaryData Body { get; set; }

    /// <summary>Gets or sets the id by which duplicates are known, 128 characters at most.</summary>
    public string? MessageId
    {
        get;
        set => field = Limited(value, nameof(MessageId));
    }

    /// <summary>Gets or sets the key that keeps messages together in a partitioned entity.</summary>
    public string? PartitionKey
    {
        get;
        set => field = Limited(value, nameof(PartitionKey));
    }

    /// <summary>Gets or sets the key of the partition that a transfer goes through.</summary>
    public string? TransactionPartitionKey
    {
        get;
        set => field = Limited(value, nameof(TransactionPartitionKey));
    }

    /// <summary>Gets or sets the session that the message belongs to.</summary>
    public string? SessionId
    {
        get;
        set => field = Limited(value, nameof(SessionId));
    }

    /// <summary>Gets or sets the session to reply to.</summary>
    public string? ReplyToSessionId
    {
        get;
        set => field = Limited(value, nameof(ReplyToSessionId));
    }

    /// <summary>Gets or sets how long the message is worth delivering; without limit by default.</summary>
    public TimeSpan TimeToLive
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.MaxValue;

    /// <summary>Gets or sets what the message belongs to.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>Gets or sets what the message is about; filters look at it.</summary>
    public string? Subject { get; set; }

    /// <summary>Gets or sets whom the message is for.</summary>
    public string? To { get; set; }

    /// <summary>Gets or sets the media type of the body.</summary>
    public string? ContentType { get; set; }

    /// <summary>Gets or sets where to reply to.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>Gets or sets the time before which the message is not delivered.</summary>
    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    /// <summary>Gets the properties of one's own; AMQP's simple types.</summary>
    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>();

    /// <inheritdoc />
    public override string ToString() => $"{{MessageId:{MessageId}}}";

    private static string? Limited(string? value, string name) =>
        value is not { Length: > 128 }
            ? value
            : throw new ArgumentException($"{name} may have 128 characters at most.", name);
}
