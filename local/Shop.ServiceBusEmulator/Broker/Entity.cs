namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Something with an address: a queue, a topic, a subscription, or one's dead letters.</summary>
internal abstract class Entity(string name, MessageQueue store)
{
    /// <summary>The name as the configuration spells it.</summary>
    public string Name { get; } = name;

    /// <summary>The messages that are kept here; for a topic only the scheduled ones.</summary>
    public MessageQueue Store { get; } = store;

    public virtual bool CanSend => false;
    public virtual bool CanReceive => true;

    /// <summary>The queues that get a copy of a message sent (or passed on) to this entity.</summary>
    public abstract IEnumerable<MessageQueue> Route(MessageContent content);
}

internal sealed class QueueEntity(string name, MessageQueue store) : Entity(name, store)
{
    public Entity? ForwardTo { get; set; }
    public override bool CanSend => true;

    public override IEnumerable<MessageQueue> Route(MessageContent content) => ForwardTo?.Route(content) ?? [Store];
}

internal sealed class DeadLetterEntity(string name, MessageQueue store) : Entity(name, store)
{
    public override IEnumerable<MessageQueue> Route(MessageContent content) => [Store];
}

internal sealed class SubscriptionEntity(string name, MessageQueue store, IReadOnlyList<IMessageFilter> filters)
    : Entity(name, store)
{
    public Entity? ForwardTo { get; set; }

    /// <summary>One copy, however many rules match.</summary>
    public override IEnumerable<MessageQueue> Route(MessageContent content) =>
        !filters.Any(filter => filter.Matches(content.Properties)) ? []
        : ForwardTo is null ? [Store]
        : ForwardTo.Route(content);
}

internal sealed class TopicEntity(string name, MessageQueue store) : Entity(name, store)
{
    public List<SubscriptionEntity> Subscriptions { get; } = [];
    public override bool CanSend => true;
    public override bool CanReceive => false;

    public override IEnumerable<MessageQueue> Route(MessageContent content) =>
        Subscriptions.SelectMany(subscription => subscription.Route(content));
}
