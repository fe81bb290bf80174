using System.Collections.Concurrent;
using Shop.ServiceBusEmulator.Configuration;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>
/// The entities of a namespace: those of the configuration, and what clients have made of them since; and the forwarding
/// between them.
/// </summary>
internal sealed class Topology
{
    public const string DeadLetterSuffix = "/$deadletterqueue";

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Entity> entities = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, MessageQueue> stores = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> configured = new(StringComparer.OrdinalIgnoreCase);

    // A name without a definition is one of the configuration that was deleted.
    private readonly Dictionary<string, EntityDefinition?> changes = new(StringComparer.OrdinalIgnoreCase);
    private readonly IJournal journal;
    private readonly TimeProvider time;

    public Topology(NamespaceDefinition definition, IJournal journal, TimeProvider time)
    {
        this.journal = journal;
        this.time = time;
        Name = definition.Name;
        StartedAt = time.GetUtcNow();
        foreach (var queue in definition.Queues)
        {
            Configure(
                new(EntityKind.Queue, queue.Name, queue.Settings)
                {
                    ForwardTo = queue.ForwardTo,
                    ForwardDeadLetteredMessagesTo = queue.ForwardDeadLetteredMessagesTo,
                }
            );
        }

        foreach (var topic in definition.Topics)
        {
            Configure(new(EntityKind.Topic, topic.Name, topic.Settings));
            foreach (var subscription in topic.Subscriptions)
            {
                var entity = Configure(
                    new(
                        EntityKind.Subscription,
                        EntityDefinition.SubscriptionName(topic.Name, subscription.Name),
                        subscription.Settings
                    )
                    {
                        ForwardTo = subscription.ForwardTo,
                        ForwardDeadLetteredMessagesTo = subscription.ForwardDeadLetteredMessagesTo,
                    }
                );
                entity.Store.Rules.Configure(
                    subscription.Rules.Count == 0 ? [Rule.Default] : [.. subscription.Rules.Select(rule => rule.Rule)]
                );
            }
        }

        Wire();
    }

    /// <summary>The namespace's name.</summary>
    public string Name { get; }

    /// <summary>Since when the entities of the configuration are here.</summary>
    public DateTimeOffset StartedAt { get; }

    public IEnumerable<Entity> Entities => entities.Values;

    /// <summary>Every place that keeps messages, by its name in the journal.</summary>
    public IEnumerable<MessageQueue> Stores => stores.Values;

    /// <summary>What the largest message of the namespace may have in bytes.</summary>
    public int LargestMessage => Entities.Select(entity => entity.Store.Settings.MaxMessageSize).DefaultIfEmpty().Max();

    public Entity? DeadLettersOf(Entity entity) => Find(entity.Name + DeadLetterSuffix);

    public Entity? Find(string address) => entities.GetValueOrDefault(address);

    /// <summary>The subscriptions of a topic.</summary>
    public IEnumerable<SubscriptionEntity> SubscriptionsOf(string topic) =>
        entities
            .Values.OfType<SubscriptionEntity>()
            .Where(subscription => Same(subscription.Definition.TopicName!, topic));

    /// <summary>
    /// The store of that name. One that the configuration no longer has is kept aside: when the entity comes back, so do
    /// its messages.
    /// </summary>
    public MessageQueue StoreNamed(string name) =>
        stores.GetOrAdd(name, added => new MessageQueue(added, new QueueSettings(), journal, time));

    public bool HasStore(string name) => stores.ContainsKey(name);

    /// <summary>A client has made an entity, or changed one.</summary>
    public Entity Put(EntityDefinition definition)
    {
        lock (gate)
        {
            changes[definition.Name] = definition;
            var entity = Add(definition);
            // From now on the journal has its rules.
            entity.Store.Rules.Configure([]);
            Wire();
            entity.EndLinks();
            DeadLettersOf(entity)?.EndLinks();
            return entity;
        }
    }

    /// <summary>A client has deleted an entity, or its dead letters with it.</summary>
    public void Remove(string name)
    {
        lock (gate)
        {
            if (configured.Contains(name))
            {
                changes[name] = null;
            }
            else
            {
                changes.Remove(name);
            }

            stores.TryRemove(name, out var _);
            if (entities.TryRemove(name, out var entity))
            {
                Wire();
                entity.Delete();
            }
        }
    }

    /// <summary>What the configuration does not say: the definitions that clients have made, and with null deleted.</summary>
    public IReadOnlyList<(string Name, EntityDefinition? Definition)> Changes()
    {
        lock (gate)
        {
            return [.. changes.Select(change => (change.Key, change.Value))];
        }
    }

    private Entity Configure(EntityDefinition definition)
    {
        configured.Add(definition.Name);
        return Add(definition with { CreatedAt = StartedAt, UpdatedAt = StartedAt });
    }

    private Entity Add(EntityDefinition definition)
    {
        var store = StoreNamed(definition.Name);
        store.Settings = definition.Settings;
        if (Find(definition.Name) is { } known)
        {
            known.Definition = definition;
            if (DeadLettersOf(known) is { } deadLetters)
            {
                deadLetters.Definition = definition;
            }

            return known;
        }

        Entity entity = definition.Kind switch
        {
            EntityKind.Queue => new QueueEntity(definition, store),
            EntityKind.Topic => new TopicEntity(definition, store),
            _ => new SubscriptionEntity(definition, store),
        };
        entities[definition.Name] = entity;
        if (definition.Kind != EntityKind.Topic)
        {
            var address = definition.Name + DeadLetterSuffix;
            entities[address] = new DeadLetterEntity(definition, address, StoreNamed(address));
        }

        return entity;
    }

    /// <summary>Connects the entities by what their definitions say.</summary>
    private void Wire()
    {
        foreach (var entity in entities.Values)
        {
            switch (entity)
            {
                case QueueEntity queue:
                    queue.Store.Route = queue.Distribute;
                    queue.ForwardTo = Target(queue.Definition.ForwardTo);
                    WireDeadLetters(queue);
                    break;
                case SubscriptionEntity subscription:
                    subscription.Store.Settings = CappedByTopic(subscription.Definition);
                    subscription.ForwardTo = Target(subscription.Definition.ForwardTo);
                    WireDeadLetters(subscription);
                    break;
                case TopicEntity topic:
                    topic.Store.Route = topic.Distribute;
                    topic.Subscriptions = [.. SubscriptionsOf(topic.Name)];
                    break;
            }
        }
    }

    private void WireDeadLetters(Entity entity)
    {
        var own = DeadLettersOf(entity)!.Store;
        // Dead letters keep their session ids, but are received one by one.
        own.Settings = entity.Store.Settings with
        {
            DefaultTimeToLive = TimeSpan.MaxValue,
            RequiresSession = false,
            DuplicateWindow = null,
        };
        var target = Target(entity.Definition.ForwardDeadLetteredMessagesTo);
        entity.Store.DeadLetterRoute = target is null
            ? (content, arrivals) => arrivals.Add(own, content)
            : target.Route;
    }

    /// <summary>Where an entity forwards to; when that is gone, messages stay where they are.</summary>
    private Entity? Target(string? name) => name is null ? null : Find(name);

    // A subscription takes what its topic takes, and keeps it no longer.
    private QueueSettings CappedByTopic(EntityDefinition subscription)
    {
        var own = subscription.Settings;
        return Find(subscription.TopicName!)?.Definition.Settings is { } topic
            ? own with
            {
                MaxMessageSize = topic.MaxMessageSize,
                DefaultTimeToLive =
                    topic.DefaultTimeToLive < own.DefaultTimeToLive ? topic.DefaultTimeToLive : own.DefaultTimeToLive,
            }
            : own;
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
