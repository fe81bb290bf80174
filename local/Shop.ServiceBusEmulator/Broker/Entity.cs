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

    /// <summary>Adds the copies of a message that was sent (or passed on) to this entity, unless it is a duplicate.</summary>
    public void Route(MessageContent content, Arrivals arrivals)
    {
        if (arrivals.IsNew(Store, content))
        {
            Distribute(content, arrivals);
        }
    }

    /// <summary>Adds the copies of a message that this entity has let in.</summary>
    public abstract void Distribute(MessageContent content, Arrivals arrivals);
}

internal sealed class QueueEntity(string name, MessageQueue store) : Entity(name, store)
{
    public Entity? ForwardTo { get; set; }
    public override bool CanSend => true;

    public override void Distribute(MessageContent content, Arrivals arrivals)
    {
        if (ForwardTo is { } target)
        {
            target.Route(content, arrivals);
        }
        else
        {
            arrivals.Add(Store, content);
        }
    }
}

internal sealed class DeadLetterEntity(string name, MessageQueue store) : Entity(name, store)
{
    public override void Distribute(MessageContent content, Arrivals arrivals) => arrivals.Add(Store, content);
}

internal sealed class SubscriptionEntity(string name, MessageQueue store) : Entity(name, store)
{
    public RuleSet Rules => Store.Rules;
    public Entity? ForwardTo { get; set; }

    public override void Distribute(MessageContent content, Arrivals arrivals)
    {
        foreach (var copy in Rule.Copies(Rules.All, content))
        {
            if (ForwardTo is { } target)
            {
                target.Route(copy, arrivals);
            }
            else
            {
                arrivals.Add(Store, copy);
            }
        }
    }
}

internal sealed class TopicEntity(string name, MessageQueue store) : Entity(name, store)
{
    public List<SubscriptionEntity> Subscriptions { get; } = [];
    public override bool CanSend => true;
    public override bool CanReceive => false;

    public override void Distribute(MessageContent content, Arrivals arrivals)
    {
        Store.CountPassedOn();
        foreach (var subscription in Subscriptions)
        {
            subscription.Route(content, arrivals);
        }
    }
}
