using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>What a configuration file asks for, checked as far as a single entity can be.</summary>
internal sealed record NamespaceDefinition(
    string Name,
    IReadOnlyList<QueueDefinition> Queues,
    IReadOnlyList<TopicDefinition> Topics
);

/// <summary>A queue. The line is where the file names it.</summary>
internal sealed record QueueDefinition(
    string Name,
    int Line,
    QueueSettings Settings,
    string? ForwardTo,
    string? ForwardDeadLetteredMessagesTo
);

internal sealed record TopicDefinition(
    string Name,
    int Line,
    QueueSettings Settings,
    IReadOnlyList<SubscriptionDefinition> Subscriptions
);

/// <summary>A subscription; without rules it gets every message of its topic.</summary>
internal sealed record SubscriptionDefinition(
    string Name,
    int Line,
    QueueSettings Settings,
    string? ForwardTo,
    string? ForwardDeadLetteredMessagesTo,
    IReadOnlyList<RuleDefinition> Rules
);

internal sealed record RuleDefinition(int Line, Rule Rule);
