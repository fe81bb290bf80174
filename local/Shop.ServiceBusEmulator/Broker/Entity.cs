namespace Shop.ServiceBusEmulator.Broker;

/// <summary>One copy of a message and the queue that gets it.</summary>
internal readonly record struct RoutedMessage(MessageQueue Queue, MessageContent Content);

/// <summary>Something with an address: a queue, a topic, a subscription, or one's dead letters.</summary>
internal abstract class Entity(string name, MessageQueue store)
{
    /// <summary>The name as the configuration spells it.</summary>
    public string Name { get; } = name;

    /// <summary>The messages that are kept here; for a topic only the scheduled ones.</summary>
    public MessageQueue Store { get; } = store;

    public virtual bool CanSend => false;
    public virtual bool CanReceive => true;

    /// <summary>The copies of a message sent (or passed on) to this entity.</summary>
    public abstract IEnumerable<RoutedMessage> Route(MessageContent content);
}

internal sealed class QueueEntity(string name, MessageQueue store) : Entity(name, store)
{
    public Entity? ForwardTo { get; set; }
    public override bool CanSend => true;

    public override IEnumerable<RoutedMessage> Route(MessageContent content) =>
        ForwardTo?.Route(content) ?? [new(Store, content)];
}

internal sealed class DeadLetterEntity(string name, MessageQueue store) : Entity(name, store)
{
    public override IEnumerable<RoutedMessage> Route(MessageContent content) => [new(Store, content)];
}

internal sealed class SubscriptionEntity(string name, MessageQueue store, IReadOnlyList<Rule> rules)
    : Entity(name, store)
{
    public Entity? ForwardTo { get; set; }

    public override IEnumerable<RoutedMessage> Route(MessageContent content) =>
        Rule.Copies(rules, content).SelectMany(copy => ForwardTo?.Route(copy) ?? [new(Store, copy)]);
}

internal sealed class TopicEntity(string name, MessageQueue store) : Entity(name, store)
{
    public List<SubscriptionEntity> Subscriptions { get; } = [];
    public override bool CanSend => true;
    public override bool CanReceive => false;

    public override IEnumerable<RoutedMessage> Route(MessageContent content) =>
        Subscriptions.SelectMany(subscription => subscription.Route(content));
}
