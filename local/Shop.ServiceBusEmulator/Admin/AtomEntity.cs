using System.Xml;
using System.Xml.Linq;
using Shop.ServiceBusEmulator.Amqp;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>An entity's definition as the description that clients send and read, and what they read beside it.</summary>
internal static class AtomEntity
{
    private const int MostMetadata = 1024;
    private static readonly TimeSpan LeastLock = TimeSpan.FromTicks(1);
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LeastWindow = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(7);
    private static readonly TimeSpan LeastIdle = TimeSpan.FromMinutes(5);

    // What clients read and send back, but do not decide.
    private static readonly string[] ReadOnly =
    [
        "AccessedAt",
        "CorrelationFilterCount",
        "CountDetails",
        "CreatedAt",
        "EntityAvailabilityStatus",
        "MessageCount",
        "SizeInBytes",
        "SkippedUpdate",
        "SqlFilterCount",
        "SubscriptionCount",
        "UpdatedAt",
    ];

    private static readonly string[] Received =
    [
        "LockDuration",
        "RequiresSession",
        "DeadLetteringOnMessageExpiration",
        "MaxDeliveryCount",
        "ForwardTo",
        "ForwardDeadLetteredMessagesTo",
    ];

    private static readonly string[] Sent =
    [
        "RequiresDuplicateDetection",
        "DuplicateDetectionHistoryTimeWindow",
        "AuthorizationRules",
        "MaxMessageSizeInKilobytes",
    ];

    // Settings that mean nothing to a broker in one process, with their defaults.
    private static readonly (string Name, string? Default)[] KeptOfAll =
    [
        ("EnableBatchedOperations", "true"),
        ("UserMetadata", null),
        ("AutoDeleteOnIdle", XmlConvert.ToString(TimeSpan.MaxValue)),
    ];

    private static readonly (string Name, string? Default)[] KeptOfSent =
    [
        .. KeptOfAll,
        ("MaxSizeInMegabytes", "1024"),
        ("IsAnonymousAccessible", "false"),
        ("SupportOrdering", "true"),
        ("EnablePartitioning", "false"),
        ("EnableExpress", "false"),
    ];

    private static readonly Dictionary<EntityKind, (string Name, string? Default)[]> KeptBy = new()
    {
        [EntityKind.Queue] = KeptOfSent,
        [EntityKind.Topic] =
        [
            .. KeptOfSent,
            ("FilteringMessagesBeforePublishing", "false"),
            ("EnableSubscriptionPartitioning", "false"),
        ],
        [EntityKind.Subscription] = [.. KeptOfAll, ("DeadLetteringOnFilterEvaluationExceptions", "true")],
    };

    private static readonly Dictionary<EntityKind, HashSet<string>> Known = new()
    {
        [EntityKind.Queue] = Names(EntityKind.Queue, [.. Received, .. Sent]),
        [EntityKind.Topic] = Names(EntityKind.Topic, Sent),
        [EntityKind.Subscription] = Names(EntityKind.Subscription, [.. Received, "DefaultRuleDescription"]),
    };

    /// <summary>The description's element of an entity.</summary>
    public static string ElementOf(EntityKind kind) => $"{kind}Description";

    /// <exception cref="ManagementException">A setting is unknown or has a value that cannot be used.</exception>
    public static EntityDefinition Read(EntityKind kind, string name, XElement description)
    {
        var reader = new DescriptionReader(description, Known[kind]);
        RefuseAuthorizationRules(reader);
        return new(
            kind,
            name,
            new QueueSettings
            {
                LockDuration = reader.Duration("LockDuration", TimeSpan.FromMinutes(1), LeastLock, LongestLock),
                MaxDeliveryCount = (int)reader.Integer("MaxDeliveryCount", 10, 1, 2000),
                MaxMessageSize =
                    1024
                    * (int)
                        reader.Integer("MaxMessageSizeInKilobytes", 1024, 1, QueueSettings.LargestMessageInKilobytes),
                DefaultTimeToLive = reader.Duration(
                    "DefaultMessageTimeToLive",
                    TimeSpan.MaxValue,
                    TimeSpan.FromSeconds(1),
                    TimeSpan.MaxValue
                ),
                DeadLetterOnExpiration = reader.Boolean("DeadLetteringOnMessageExpiration", false),
                RequiresSession = reader.Boolean("RequiresSession", false),
                DuplicateWindow = DuplicateWindow(reader),
            }
        )
        {
            Status = reader.Choice("Status", EntityStatus.Active),
            ForwardTo = Target(reader.Text("ForwardTo")),
            ForwardDeadLetteredMessagesTo = Target(reader.Text("ForwardDeadLetteredMessagesTo")),
            Kept = Kept(kind, reader),
        };
    }

    /// <summary>Everything that clients read of an entity. They find each element by its name.</summary>
    public static XElement Write(Topology topology, Entity entity, string host)
    {
        var definition = entity.Definition;
        var settings = definition.Settings;
        var description = new XElement(
            Atom.ServiceBus + ElementOf(definition.Kind),
            new XAttribute(XNamespace.Xmlns + "i", Atom.Instance)
        );
        void Add(string name, object? value)
        {
            if (value is not null)
            {
                description.Add(new XElement(Atom.ServiceBus + name, value));
            }
        }

        if (definition.Kind != EntityKind.Topic)
        {
            Add("LockDuration", XmlConvert.ToString(settings.LockDuration));
            Add("RequiresSession", settings.RequiresSession);
            Add("DeadLetteringOnMessageExpiration", settings.DeadLetterOnExpiration);
            Add("MaxDeliveryCount", settings.MaxDeliveryCount);
            Add("ForwardTo", Address(host, definition.ForwardTo));
            Add("ForwardDeadLetteredMessagesTo", Address(host, definition.ForwardDeadLetteredMessagesTo));
        }

        if (definition.Kind != EntityKind.Subscription)
        {
            Add("RequiresDuplicateDetection", settings.DuplicateWindow is not null);
            Add("DuplicateDetectionHistoryTimeWindow", XmlConvert.ToString(settings.DuplicateWindow ?? DefaultWindow));
            Add("SizeInBytes", SizeOf(topology, entity));
            Add("MaxMessageSizeInKilobytes", settings.MaxMessageSize / 1024);
        }

        Add("DefaultMessageTimeToLive", XmlConvert.ToString(settings.DefaultTimeToLive));
        foreach (var (name, otherwise) in KeptBy[definition.Kind])
        {
            Add(name, definition.Kept.GetValueOrDefault(name) ?? otherwise);
        }

        Add("Status", definition.Status);
        Add("EntityAvailabilityStatus", "Available");
        Add("CreatedAt", Atom.Moment(definition.CreatedAt));
        Add("UpdatedAt", Atom.Moment(definition.UpdatedAt));
        Add("AccessedAt", Atom.Moment(entity.Store.AccessedAt ?? DateTimeOffset.MinValue));
        AddCounts(topology, entity, description);
        return description;
    }

    private static void AddCounts(Topology topology, Entity entity, XElement description)
    {
        var counts = entity.Store.Count();
        var deadLetters = topology.DeadLettersOf(entity)?.Store.Count().Total ?? 0;
        XElement Count(string name, long value) => new(Atom.Counts + name, value);
        description.Add(
            new XElement(
                Atom.ServiceBus + "CountDetails",
                Count("ActiveMessageCount", counts.Total - counts.Scheduled - counts.Deferred),
                Count("DeadLetterMessageCount", deadLetters),
                Count("ScheduledMessageCount", counts.Scheduled),
                // What is forwarded arrives in the same step in which it leaves: nothing is ever on the way.
                Count("TransferMessageCount", 0),
                Count("TransferDeadLetterMessageCount", 0)
            )
        );
        if (entity is TopicEntity topic)
        {
            description.Add(new XElement(Atom.ServiceBus + "SubscriptionCount", topic.Subscriptions.Length));
        }
        else
        {
            description.Add(new XElement(Atom.ServiceBus + "MessageCount", counts.Total + deadLetters));
        }
    }

    private static long SizeOf(Topology topology, Entity entity) =>
        entity.Store.Size()
        + (topology.DeadLettersOf(entity)?.Store.Size() ?? 0)
        + ((entity as TopicEntity)?.Subscriptions.Sum(subscription => SizeOf(topology, subscription)) ?? 0);

    private static TimeSpan? DuplicateWindow(DescriptionReader reader)
    {
        var window = reader.Duration("DuplicateDetectionHistoryTimeWindow", DefaultWindow, LeastWindow, LongestWindow);
        return reader.Boolean("RequiresDuplicateDetection", false) ? window : null;
    }

    private static Dictionary<string, string> Kept(EntityKind kind, DescriptionReader reader)
    {
        Dictionary<string, string> kept = [];
        foreach (var (name, _) in KeptBy[kind])
        {
            if (reader.Text(name) is { } text)
            {
                CheckKept(reader, name, text);
                kept[name] = text;
            }
        }

        return kept;
    }

    private static void CheckKept(DescriptionReader reader, string name, string text)
    {
        switch (name)
        {
            case "UserMetadata" when text.Length > MostMetadata:
                throw reader.Wrong(name, $"{text.Length} characters", $"at most {MostMetadata} characters");
            case "UserMetadata":
                break;
            case "AutoDeleteOnIdle":
                reader.Duration(name, default, LeastIdle, TimeSpan.MaxValue);
                break;
            case "MaxSizeInMegabytes":
                reader.Integer(name, 0, 1, int.MaxValue);
                break;
            default:
                reader.Boolean(name, false);
                break;
        }
    }

    private static void RefuseAuthorizationRules(DescriptionReader reader)
    {
        if (reader.Element("AuthorizationRules") is { HasElements: true })
        {
            throw ManagementException.Invalid(
                "'AuthorizationRules' must be empty: the emulator has one key for everything. Leave them out."
            );
        }
    }

    private static string? Target(string? address) => address is null ? null : NodeAddress.PathOf(address);

    private static string? Address(string host, string? entity) => entity is null ? null : $"sb://{host}/{entity}";

    private static HashSet<string> Names(EntityKind kind, string[] own) =>
        [.. ReadOnly, .. own, "DefaultMessageTimeToLive", "Status", .. KeptBy[kind].Select(kept => kept.Name)];
}
