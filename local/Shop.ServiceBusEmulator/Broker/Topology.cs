using Shop.ServiceBusEmulator.Configuration;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Builds the entities of a namespace and wires up forwarding.</summary>
internal sealed class Topology
{
    public const string DeadLetterSuffix = "/$deadletterqueue";

    private readonly Dictionary<string, Entity> entities = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, MessageQueue> stores = new(StringComparer.OrdinalIgnoreCase);
    private readonly IJournal journal;
    private readonly TimeProvider time;

    public Topology(NamespaceDefinition definition, IJournal journal, TimeProvider time)
    {
        this.journal = journal;
        this.time = time;
        foreach (var queue in definition.Queues)
        {
            AddQueue(queue);
        }

        foreach (var topic in definition.Topics)
        {
            AddTopic(topic);
        }

        Forward(definition);
    }

    public IEnumerable<Entity> Entities => entities.Values;

    /// <summary>Every place that keeps messages, by its name in the journal.</summary>
    public IEnumerable<MessageQueue> Stores => stores.Values;

    /// <summary>What the largest message of the namespace may have in bytes.</summary>
    public int LargestMessage => Entities.Select(entity => entity.Store.Settings.MaxMessageSize).DefaultIfEmpty().Max();

    public Entity? DeadLettersOf(Entity entity) => Find(entity.Name + DeadLetterSuffix);

    public Entity? Find(string address) => entities.GetValueOrDefault(address);

    /// <summary>
    /// The store of that name. One that the configuration no longer has is kept aside: when the entity comes back, so do
    /// its messages.
    /// </summary>
    public MessageQueue StoreNamed(string name) =>
        stores.TryGetValue(name, out var store) ? store : AddStore(name, new QueueSettings());

    private void AddQueue(QueueDefinition queue)
    {
        var store = AddStore(queue.Name, queue.Settings);
        var entity = new QueueEntity(queue.Name, store);
        store.Route = entity.Distribute;
        entities.Add(queue.Name, entity);
        AddDeadLetters(queue.Name, store);
    }

    private void AddTopic(TopicDefinition topic)
    {
        var store = AddStore(topic.Name, topic.Settings);
        var entity = new TopicEntity(topic.Name, store);
        store.Route = entity.Distribute;
        entities.Add(topic.Name, entity);
        foreach (var subscription in topic.Subscriptions)
        {
            entity.Subscriptions.Add(AddSubscription(topic, subscription));
        }
    }

    private SubscriptionEntity AddSubscription(TopicDefinition topic, SubscriptionDefinition definition)
    {
        var address = $"{topic.Name}/Subscriptions/{definition.Name}";
        // A subscription takes what its topic takes.
        var settings = definition.Settings with
        {
            MaxMessageSize = topic.Settings.MaxMessageSize,
        };
        if (topic.Settings.DefaultTimeToLive < settings.DefaultTimeToLive)
        {
            settings = settings with { DefaultTimeToLive = topic.Settings.DefaultTimeToLive };
        }

        var store = AddStore(address, settings);
        store.Rules.Configure(
            definition.Rules.Count == 0 ? [Rule.Default] : [.. definition.Rules.Select(rule => rule.Rule)]
        );
        var entity = new SubscriptionEntity(address, store);
        entities.Add(address, entity);
        AddDeadLetters(address, store);
        return entity;
    }

    private void AddDeadLetters(string owner, MessageQueue ownerStore)
    {
        var address = owner + DeadLetterSuffix;
        // Dead letters keep their session ids, but are received one by one.
        var settings = ownerStore.Settings with
        {
            DefaultTimeToLive = TimeSpan.MaxValue,
            RequiresSession = false,
            DuplicateWindow = null,
        };
        var store = AddStore(address, settings);
        entities.Add(address, new DeadLetterEntity(address, store));
        ownerStore.DeadLetterRoute = (content, arrivals) => arrivals.Add(store, content);
    }

    private void Forward(NamespaceDefinition definition)
    {
        foreach (var queue in definition.Queues)
        {
            var entity = (QueueEntity)entities[queue.Name];
            entity.ForwardTo = queue.ForwardTo is { } target ? entities[target] : null;
            ForwardDeadLetters(entity, queue.ForwardDeadLetteredMessagesTo);
        }

        foreach (var topic in definition.Topics)
        {
            foreach (var subscription in topic.Subscriptions)
            {
                var address = $"{topic.Name}/Subscriptions/{subscription.Name}";
                var entity = (SubscriptionEntity)entities[address];
                entity.ForwardTo = subscription.ForwardTo is { } target ? entities[target] : null;
                ForwardDeadLetters(entity, subscription.ForwardDeadLetteredMessagesTo);
            }
        }
    }

    private void ForwardDeadLetters(Entity entity, string? target)
    {
        if (target is not null)
        {
            entity.Store.DeadLetterRoute = entities[target].Route;
        }
    }

    private MessageQueue AddStore(string name, QueueSettings settings)
    {
        var store = new MessageQueue(name, settings, journal, time);
        stores.Add(name, store);
        return store;
    }
}
