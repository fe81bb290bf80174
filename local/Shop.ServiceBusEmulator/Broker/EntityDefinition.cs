namespace Shop.ServiceBusEmulator.Broker;

/// <summary>What has a definition of its own; dead letters have their owner's.</summary>
internal enum EntityKind : byte
{
    Queue,
    Topic,
    Subscription,
}

/// <summary>What an entity lets its clients do.</summary>
internal enum EntityStatus : byte
{
    Active,
    Disabled,
    SendDisabled,
    ReceiveDisabled,
}

/// <summary>A queue, topic or subscription, as the configuration or a client describes it.</summary>
/// <remarks>The name of a subscription is its address, with the topic in front.</remarks>
internal sealed record EntityDefinition(EntityKind Kind, string Name, QueueSettings Settings)
{
    private const string SubscriptionsSegment = "/Subscriptions/";

    /// <summary>Where messages go instead of staying here; null when they stay.</summary>
    public string? ForwardTo { get; init; }

    /// <summary>Where dead letters go instead of the entity's own; null when they stay.</summary>
    public string? ForwardDeadLetteredMessagesTo { get; init; }

    public EntityStatus Status { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Settings that mean nothing to a broker in one process, kept for the clients that read them back.</summary>
    public IReadOnlyDictionary<string, string> Kept { get; init; } = new Dictionary<string, string>();

    public bool CanSend => Status is EntityStatus.Active or EntityStatus.ReceiveDisabled;
    public bool CanReceive => Status is EntityStatus.Active or EntityStatus.SendDisabled;

    /// <summary>A subscription's topic; null for anything else.</summary>
    public string? TopicName => Kind == EntityKind.Subscription ? Name[..SegmentAt(Name)] : null;

    /// <summary>The name without the topic's.</summary>
    public string OwnName =>
        Kind == EntityKind.Subscription ? Name[(SegmentAt(Name) + SubscriptionsSegment.Length)..] : Name;

    public static string SubscriptionName(string topic, string subscription) =>
        topic + SubscriptionsSegment + subscription;

    private static int SegmentAt(string name) =>
        name.LastIndexOf(SubscriptionsSegment, StringComparison.OrdinalIgnoreCase);
}
