namespace Shop.ServiceBusEmulator.Broker;

/// <summary>
/// Creates, changes and deletes entities for clients. A change is durable before it is acknowledged, and whatever comes of it
/// is behind it in the journal, so it may take effect at once.
/// </summary>
internal sealed class EntityManager(Topology topology, IJournal journal, TimeProvider time)
{
    // As on Azure: a message is forwarded at most this often.
    private const int MostHops = 4;

    private readonly Lock gate = new();

    public Topology Topology { get; } = topology;

    /// <summary>Creates an entity; a subscription gets the rule.</summary>
    public void Create(EntityDefinition definition, Rule rule, Outcome done)
    {
        BrokerError? refusal;
        lock (gate)
        {
            refusal = AlreadyThere(definition) ?? WrongForwarding(definition);
            if (refusal is null)
            {
                var now = time.GetUtcNow();
                List<JournalOperation> operations = [];
                foreach (var left in Stores(definition.Name))
                {
                    // The messages of an entity of that name which the configuration had once.
                    operations.Add(new EntityOperation(left, null));
                    Topology.Remove(left.Name);
                }

                var created = definition with { CreatedAt = now, UpdatedAt = now };
                var entity = Topology.Put(created);
                operations.Add(new EntityOperation(entity.Store, created));
                if (entity is SubscriptionEntity subscription)
                {
                    operations.AddRange(subscription.Rules.Adopt([rule with { CreatedAt = now }]));
                }

                entity.Store.Start();
                Topology.DeadLettersOf(entity)?.Store.Start();
                journal.Append(new JournalEntry(operations, () => done(null)));
                return;
            }
        }

        done(refusal);
    }

    /// <summary>Changes an entity that is there.</summary>
    public void Update(EntityDefinition definition, Outcome done)
    {
        BrokerError? refusal;
        lock (gate)
        {
            var known = Topology.Find(definition.Name);
            refusal =
                known?.Definition.Kind != definition.Kind || known is DeadLetterEntity
                    ? BrokerError.NotFound(definition.Name)
                    : Unchangeable(known.Definition, definition) ?? WrongForwarding(definition);
            if (refusal is null)
            {
                var changed = definition with
                {
                    Name = known!.Definition.Name,
                    CreatedAt = known.Definition.CreatedAt,
                    UpdatedAt = time.GetUtcNow(),
                };
                // The rules of the configuration become the journal's with the rest, before they are not configured any more.
                IReadOnlyList<RuleOperation> rules = known is SubscriptionEntity subscription
                    ? subscription.Rules.Adopt([])
                    : [];
                Topology.Put(changed);
                journal.Append(
                    new JournalEntry([new EntityOperation(known.Store, changed), .. rules], () => done(null))
                );
                return;
            }
        }

        done(refusal);
    }

    /// <summary>Deletes an entity with its messages, and a topic with its subscriptions. Their links end.</summary>
    public void Delete(string name, Outcome done)
    {
        lock (gate)
        {
            if (Topology.Find(name) is { } entity and not DeadLetterEntity)
            {
                List<string> names = [entity.Name];
                if (entity is TopicEntity)
                {
                    names.AddRange(Topology.SubscriptionsOf(name).Select(subscription => subscription.Name));
                }

                List<JournalOperation> operations = [];
                foreach (var store in names.SelectMany(Stores).ToList())
                {
                    operations.Add(new EntityOperation(store, null));
                    Topology.Remove(store.Name);
                }

                journal.Append(new JournalEntry(operations, () => done(null)));
                return;
            }
        }

        done(BrokerError.NotFound(name));
    }

    /// <summary>What is kept under a name: the entity's own messages, and behind them its dead letters.</summary>
    private List<MessageQueue> Stores(string name) =>
        [.. new[] { name, name + Topology.DeadLetterSuffix }.Where(Topology.HasStore).Select(Topology.StoreNamed)];

    private BrokerError? AlreadyThere(EntityDefinition definition) =>
        Topology.Find(definition.Name) is not null
            ? new(
                BrokerErrorKind.EntityAlreadyExists,
                $"The messaging entity '{definition.Name}' already exists. To know more visit https://aka.ms/sbResourceMgrExceptions."
            )
        : definition.TopicName is { } topic && Topology.Find(topic) is not TopicEntity ? BrokerError.NotFound(topic)
        : null;

    private static BrokerError? Unchangeable(EntityDefinition known, EntityDefinition changed) =>
        known.Settings.RequiresSession != changed.Settings.RequiresSession ? Fixed(known, "RequiresSession")
        : known.Settings.DuplicateWindow is null != changed.Settings.DuplicateWindow is null
            ? Fixed(known, "RequiresDuplicateDetection")
        : null;

    private static BrokerError Fixed(EntityDefinition known, string property) =>
        new(
            BrokerErrorKind.InvalidField,
            $"The value for the {property} property of an existing {known.Kind} cannot be changed: delete '{known.Name}' and create it anew."
        );

    private BrokerError? WrongForwarding(EntityDefinition definition)
    {
        if (definition.ForwardTo is not null && definition.Settings.RequiresSession)
        {
            return Invalid(
                $"'{definition.Name}' has sessions and cannot forward: leave out ForwardTo, or set RequiresSession to false."
            );
        }

        foreach (
            var target in new[] { definition.ForwardTo, definition.ForwardDeadLetteredMessagesTo }.OfType<string>()
        )
        {
            if (Topology.Find(target) is not { CanSend: true })
            {
                return Invalid(
                    $"'{definition.Name}' forwards to '{target}', which is no queue or topic: create it first."
                );
            }
        }

        // The messages of a subscription come from its topic, which therefore is a step of the way.
        var start = definition.TopicName ?? definition.Name;
        return definition.ForwardTo is { } next ? Follow(next, [start]) : null;
    }

    private BrokerError? Follow(string entity, List<string> path)
    {
        if (path.Contains(entity, StringComparer.OrdinalIgnoreCase) || path.Count > MostHops)
        {
            return Invalid(
                $"Messages would be forwarded in a circle or more than {MostHops} times: {string.Join(" -> ", path)} -> {entity}."
            );
        }

        var targets = Topology.Find(entity) switch
        {
            QueueEntity queue => [queue.Definition.ForwardTo],
            TopicEntity topic => topic.Subscriptions.Select(subscription => subscription.Definition.ForwardTo),
            _ => [],
        };
        return targets
            .OfType<string>()
            .Select(target => Follow(target, [.. path, entity]))
            .FirstOrDefault(refusal => refusal is not null);
    }

    private static BrokerError Invalid(string description) => new(BrokerErrorKind.InvalidField, description);
}
