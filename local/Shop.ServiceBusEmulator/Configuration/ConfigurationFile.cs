using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>Reads a file in the format of Microsoft's Service Bus emulator (<c>Config.json</c>).</summary>
internal static class ConfigurationFile
{
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultDuplicateWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestDuplicateWindow = TimeSpan.FromDays(7);
    private const string MaxMessageSize = "MaxMessageSizeInKilobytes";

    // Settings of the real service that mean nothing to a broker in one process.
    private static readonly string[] Ignored =
    [
        "AutoDeleteOnIdle",
        "EnableBatchedOperations",
        "EnableExpress",
        "EnablePartitioning",
        "MaxSizeInMegabytes",
        "Status",
        "SupportOrdering",
        "UserMetadata",
    ];

    /// <exception cref="ConfigurationFileException">The file cannot be used.</exception>
    public static NamespaceDefinition Read(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConfigurationFileException(file, 0, $"the configuration cannot be read: {exception.Message}");
        }

        return Parse(file, bytes);
    }

    public static NamespaceDefinition Parse(string file, byte[] utf8)
    {
        var root = new JsonObjectReader(file, JsonElementAt.Parse(file, utf8), "The file").Only("UserConfig");
        var user =
            root.Object("UserConfig")?.Only("Namespaces", "Logging")
            ?? throw root.Error(root.Line, "'UserConfig' is missing.");
        var namespaces = user.Objects("Namespaces").ToList();
        if (namespaces is not [var only])
        {
            throw user.Error(
                user.Find("Namespaces")?.Line ?? user.Line,
                "'Namespaces' must hold exactly one namespace."
            );
        }

        only.Only("Name", "Queues", "Topics");
        var definition = new NamespaceDefinition(
            only.String("Name") ?? "sbemulatorns",
            [.. only.Objects("Queues").Select(ReadQueue)],
            [.. only.Objects("Topics").Select(ReadTopic)]
        );
        NamespaceRules.Check(file, definition);
        return definition;
    }

    private static QueueDefinition ReadQueue(JsonObjectReader queue)
    {
        queue.Only("Name", "Properties");
        var properties = queue.Object("Properties");
        return new(
            EntityNameOf(queue),
            queue.Line,
            Settings(properties, "RequiresDuplicateDetection", "DuplicateDetectionHistoryTimeWindow", MaxMessageSize),
            properties?.String("ForwardTo"),
            properties?.String("ForwardDeadLetteredMessagesTo")
        );
    }

    private static TopicDefinition ReadTopic(JsonObjectReader topic)
    {
        topic.Only("Name", "Properties", "Subscriptions");
        var properties = topic
            .Object("Properties")
            ?.Only([
                "DefaultMessageTimeToLive",
                "DuplicateDetectionHistoryTimeWindow",
                "RequiresDuplicateDetection",
                MaxMessageSize,
                .. Ignored,
            ]);
        return new(
            EntityNameOf(topic),
            topic.Line,
            new QueueSettings
            {
                DefaultTimeToLive = TimeToLive(properties),
                DuplicateWindow = DuplicateWindow(properties),
                MaxMessageSize = MessageSize(properties),
            },
            [.. topic.Objects("Subscriptions").Select(ReadSubscription)]
        );
    }

    private static SubscriptionDefinition ReadSubscription(JsonObjectReader subscription)
    {
        subscription.Only("Name", "Properties", "Rules");
        var properties = subscription.Object("Properties");
        return new(
            subscription.Name("a subscription name", EntityName.IsValidSubscription, EntityName.PartRule),
            subscription.Line,
            Settings(properties, "DeadLetteringOnFilterEvaluationExceptions"),
            properties?.String("ForwardTo"),
            properties?.String("ForwardDeadLetteredMessagesTo"),
            [.. subscription.Objects("Rules").Select(RuleReader.Read)]
        );
    }

    private static QueueSettings Settings(JsonObjectReader? properties, params string[] special)
    {
        if (properties is null)
        {
            return new QueueSettings();
        }

        properties.Only([
            "DeadLetteringOnMessageExpiration",
            "DefaultMessageTimeToLive",
            "ForwardDeadLetteredMessagesTo",
            "ForwardTo",
            "LockDuration",
            "MaxDeliveryCount",
            "RequiresSession",
            .. special,
            .. Ignored,
        ]);
        var requiresSession = properties.Boolean("RequiresSession", false);
        if (requiresSession && properties.String("ForwardTo") is not null)
        {
            throw properties.Error(
                properties.Find("ForwardTo")!.Line,
                "an entity with sessions cannot forward: take out 'ForwardTo', or set 'RequiresSession' to false."
            );
        }

        return new QueueSettings
        {
            LockDuration = properties.Duration("LockDuration", TimeSpan.FromMinutes(1), LongestLock),
            MaxDeliveryCount = properties.PositiveInteger("MaxDeliveryCount", 10),
            DefaultTimeToLive = TimeToLive(properties),
            DeadLetterOnExpiration = properties.Boolean("DeadLetteringOnMessageExpiration", false),
            RequiresSession = requiresSession,
            DuplicateWindow = DuplicateWindow(properties),
            MaxMessageSize = MessageSize(properties),
        };
    }

    private static TimeSpan? DuplicateWindow(JsonObjectReader? properties) =>
        properties?.Boolean("RequiresDuplicateDetection", false) == true
            ? properties.Duration("DuplicateDetectionHistoryTimeWindow", DefaultDuplicateWindow, LongestDuplicateWindow)
            : null;

    private static int MessageSize(JsonObjectReader? properties) =>
        1024 * (properties?.PositiveInteger(MaxMessageSize, 1024, QueueSettings.LargestMessageInKilobytes) ?? 1024);

    private static TimeSpan TimeToLive(JsonObjectReader? properties) =>
        properties?.Duration("DefaultMessageTimeToLive", TimeSpan.MaxValue, TimeSpan.MaxValue) ?? TimeSpan.MaxValue;

    private static string EntityNameOf(JsonObjectReader entity) =>
        entity.Name("an entity name", EntityName.IsValid, EntityName.Rule);
}
