namespace Shop.ServiceBusEmulator.Broker;

/// <summary>
/// A subscription's rules: those of the configuration, and what clients have made of them since. A change is durable before
/// it is acknowledged, and what a new rule lets through comes behind it in the journal, so it may take effect at once.
/// </summary>
internal sealed class RuleSet(MessageQueue store, IJournal journal)
{
    private readonly Lock gate = new();

    // In the order in which they came; a name without a rule is one of the configuration that was removed.
    private readonly OrderedDictionary<string, Rule?> changes = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<Rule> configured = [];
    private volatile IReadOnlyList<Rule> all = [];

    public IReadOnlyList<Rule> All => all;

    public void Configure(IReadOnlyList<Rule> rules)
    {
        configured = rules;
        Combine();
    }

    public void Add(Rule rule, Outcome done)
    {
        lock (gate)
        {
            if (Find(rule.Name) is null)
            {
                Change(rule.Name, rule);
                journal.Append(new JournalEntry([new RuleOperation(store, rule.Name, rule)], () => done(null)));
                return;
            }
        }

        done(
            new(
                BrokerErrorKind.EntityAlreadyExists,
                $"The messaging entity '{store.Name}/Rules/{rule.Name}' already exists. To know more visit https://aka.ms/sbResourceMgrExceptions."
            )
        );
    }

    public void Remove(string name, Outcome done)
    {
        lock (gate)
        {
            if (Find(name) is not null)
            {
                Change(name, null);
                journal.Append(new JournalEntry([new RuleOperation(store, name, null)], () => done(null)));
                return;
            }
        }

        done(BrokerError.NotFound($"{store.Name}/Rules/{name}"));
    }

    /// <summary>Puts a rule in the place of the one with its name.</summary>
    public void Replace(Rule rule, Outcome done)
    {
        lock (gate)
        {
            if (Find(rule.Name) is { } known)
            {
                var changed = rule with { CreatedAt = known.CreatedAt };
                Change(rule.Name, changed);
                journal.Append(new JournalEntry([new RuleOperation(store, rule.Name, changed)], () => done(null)));
                return;
            }
        }

        done(BrokerError.NotFound($"{store.Name}/Rules/{rule.Name}"));
    }

    /// <summary>Makes the rules, with those of the configuration, ones that the journal has, and returns what it needs.</summary>
    public IReadOnlyList<RuleOperation> Adopt(IReadOnlyList<Rule> added)
    {
        lock (gate)
        {
            var adopted = (IReadOnlyList<Rule>)[.. all, .. added];
            configured = [];
            changes.Clear();
            foreach (var rule in adopted)
            {
                Change(rule.Name, rule);
            }

            return [.. adopted.Select(rule => new RuleOperation(store, rule.Name, rule))];
        }
    }

    /// <summary>The journal says that a rule was added, or with null removed.</summary>
    public void Restore(string name, Rule? rule)
    {
        lock (gate)
        {
            Change(name, rule);
        }
    }

    /// <summary>What the configuration does not say.</summary>
    public IReadOnlyList<RuleOperation> Snapshot()
    {
        lock (gate)
        {
            return [.. changes.Select(change => new RuleOperation(store, change.Key, change.Value))];
        }
    }

    private Rule? Find(string name) =>
        all.FirstOrDefault(rule => rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void Change(string name, Rule? rule)
    {
        if (rule is null && !configured.Any(own => own.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            changes.Remove(name);
        }
        else
        {
            changes[name] = rule;
        }

        Combine();
    }

    private void Combine() =>
        all = [.. configured.Where(rule => !changes.ContainsKey(rule.Name)), .. changes.Values.OfType<Rule>()];
}
