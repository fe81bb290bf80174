using System.Collections.Concurrent;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Something with an address: a queue, a topic, a subscription, or one's dead letters.</summary>
internal abstract class Entity(EntityDefinition definition, string name, MessageQueue store)
{
    private readonly ConcurrentDictionary<object, Action> links = new();
    private volatile EntityDefinition definition = definition;
    private volatile bool isDeleted;

    /// <summary>The name as the configuration spells it.</summary>
    public string Name { get; } = name;

    /// <summary>The messages that are kept here; for a topic only the scheduled ones.</summary>
    public MessageQueue Store { get; } = store;

    /// <summary>How it is described by now; dead letters have their owner's.</summary>
    public EntityDefinition Definition
    {
        get => definition;
        set => definition = value;
    }

    public virtual bool CanSend => false;
    public virtual bool CanReceive => true;

    /// <summary>
    /// Why nobody may send now, or with <paramref name="sending"/> false receive, or with null do anything; null when one may.
    /// </summary>
    public BrokerError? RefusalOf(bool? sending)
    {
        if (isDeleted)
        {
            return BrokerError.NotFound(Name);
        }

        var current = definition;
        return sending is null || (sending.Value ? current.CanSend : current.CanReceive)
            ? null
            : new(
                BrokerErrorKind.EntityDisabled,
                $"The messaging entity '{Name}' is currently disabled for this: its status is {current.Status}."
            );
    }

    /// <summary>Keeps in mind how to end a link on the entity, for when there is no more of it.</summary>
    public void AddLink(object link, bool? sending, Action<BrokerError> end)
    {
        void EndIfRefused()
        {
            if (RefusalOf(sending) is { } refusal)
            {
                end(refusal);
            }
        }

        links[link] = EndIfRefused;
        // What has changed since the link was let in is found here, what changes from now on finds the link.
        EndIfRefused();
    }

    public void RemoveLink(object link) => links.TryRemove(link, out var _);

    /// <summary>Ends the links that may not go on.</summary>
    public void EndLinks()
    {
        foreach (var endIfRefused in links.Values)
        {
            endIfRefused();
        }
    }

    /// <summary>The entity is no more: whoever works with it is told.</summary>
    public void Delete()
    {
        isDeleted = true;
        EndLinks();
    }

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

internal sealed class QueueEntity(EntityDefinition definition, MessageQueue store)
    : Entity(definition, definition.Name, store)
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

internal sealed class DeadLetterEntity(EntityDefinition definition, string name, MessageQueue store)
    : Entity(definition, name, store)
{
    public override void Distribute(MessageContent content, Arrivals arrivals) => arrivals.Add(Store, content);
}

internal sealed class SubscriptionEntity(EntityDefinition definition, MessageQueue store)
    : Entity(definition, definition.Name, store)
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

internal sealed class TopicEntity(EntityDefinition definition, MessageQueue store)
    : Entity(definition, definition.Name, store)
{
    /// <summary>Never changed, only replaced: messages are on their way meanwhile.</summary>
    public SubscriptionEntity[] Subscriptions { get; set; } = [];
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
