namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>What must hold between the entities of a namespace: unique names, and forwarding that arrives.</summary>
internal static class NamespaceRules
{
    // As on Azure: a message is forwarded at most this often.
    private const int MostHops = 4;

    public static void Check(string file, NamespaceDefinition definition)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, line) in Entities(definition))
        {
            if (!names.Add(name))
            {
                throw new ConfigurationFileException(
                    file,
                    line,
                    $"'{name}' is there twice; queues and topics share one set of names."
                );
            }
        }

        foreach (var topic in definition.Topics)
        {
            CheckSubscriptions(file, topic);
        }

        foreach (var (source, target, line) in Forwards(definition))
        {
            if (!names.Contains(target))
            {
                throw new ConfigurationFileException(
                    file,
                    line,
                    $"'{source}' forwards to '{target}', which does not exist."
                );
            }
        }

        foreach (var queue in definition.Queues.Where(queue => queue.ForwardTo is not null))
        {
            Follow(file, definition, queue.Name, queue.Line, [queue.Name]);
        }

        foreach (var topic in definition.Topics)
        {
            Follow(file, definition, topic.Name, topic.Line, [topic.Name]);
        }
    }

    private static void CheckSubscriptions(string file, TopicDefinition topic)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var subscription in topic.Subscriptions)
        {
            if (!names.Add(subscription.Name))
            {
                throw new ConfigurationFileException(
                    file,
                    subscription.Line,
                    $"the topic '{topic.Name}' has the subscription '{subscription.Name}' twice."
                );
            }

            var rules = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var rule in subscription.Rules.Where(rule => !rules.Add(rule.Rule.Name)))
            {
                throw new ConfigurationFileException(
                    file,
                    rule.Line,
                    $"the subscription '{subscription.Name}' has the rule '{rule.Rule.Name}' twice."
                );
            }
        }
    }

    private static IEnumerable<(string Name, int Line)> Entities(NamespaceDefinition definition) =>
        definition
            .Queues.Select(queue => (queue.Name, queue.Line))
            .Concat(definition.Topics.Select(topic => (topic.Name, topic.Line)));

    private static IEnumerable<(string Source, string Target, int Line)> Forwards(NamespaceDefinition definition) =>
        definition
            .Queues.SelectMany(queue =>
                new[] { queue.ForwardTo, queue.ForwardDeadLetteredMessagesTo }.Select(target =>
                    (queue.Name, target, queue.Line)
                )
            )
            .Concat(
                definition.Topics.SelectMany(topic =>
                    topic.Subscriptions.SelectMany(subscription =>
                        new[] { subscription.ForwardTo, subscription.ForwardDeadLetteredMessagesTo }.Select(target =>
                            (subscription.Name, target, subscription.Line)
                        )
                    )
                )
            )
            .Where(forward => forward.target is not null)
            .Select(forward => (forward.Name, forward.target!, forward.Line));

    private static void Follow(string file, NamespaceDefinition definition, string entity, int line, List<string> path)
    {
        foreach (var target in Targets(definition, entity))
        {
            if (path.Contains(target, StringComparer.OrdinalIgnoreCase) || path.Count > MostHops)
            {
                throw new ConfigurationFileException(
                    file,
                    line,
                    $"messages would be forwarded in a circle or more than {MostHops} times: {string.Join(" -> ", path)} -> {target}."
                );
            }

            Follow(file, definition, target, line, [.. path, target]);
        }
    }

    private static IEnumerable<string> Targets(NamespaceDefinition definition, string entity)
    {
        var queue = definition.Queues.FirstOrDefault(queue => Same(queue.Name, entity));
        var topic = definition.Topics.FirstOrDefault(topic => Same(topic.Name, entity));
        return (topic is null ? [queue?.ForwardTo] : topic.Subscriptions.Select(s => s.ForwardTo)).OfType<string>();
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
