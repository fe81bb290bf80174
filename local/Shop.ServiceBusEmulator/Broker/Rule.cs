using Shop.ServiceBusEmulator.Broker.Sql;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>A condition in SQL's language over a message's properties; unknown is not a match.</summary>
internal sealed class SqlFilter(string expression) : IMessageFilter
{
    private readonly SqlExpression condition = SqlParser.Condition(expression);

    public string Expression { get; } = expression;

    public bool Matches(MessageProperties message) => condition(message) is true;
}

/// <summary>Changes properties of the copy that a rule lets through.</summary>
internal sealed class SqlAction(string statements)
{
    private readonly IReadOnlyList<Func<MessageProperties, MessageProperties>> changes = SqlParser.Statements(
        statements
    );

    public string Statements { get; } = statements;

    public MessageProperties Apply(MessageProperties message) =>
        changes.Aggregate(message, (changed, change) => change(changed));
}

/// <summary>Which messages a subscription gets, and what is changed in them.</summary>
internal sealed record Rule(string Name, IMessageFilter Filter, SqlAction? Action = null)
{
    /// <summary>The rule that a subscription has when nobody gives it one.</summary>
    public static readonly Rule Default = new("$Default", TrueFilter.Instance);

    public DateTimeOffset CreatedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>
    /// As on Azure: each rule with an action that matches gives a copy of its own; all those without one give one between
    /// them.
    /// </summary>
    public static IEnumerable<MessageContent> Copies(IReadOnlyList<Rule> rules, MessageContent content)
    {
        var plain = false;
        foreach (var rule in rules)
        {
            if ((rule.Action is null && plain) || !rule.Filter.Matches(content.Properties))
            {
                continue;
            }

            plain |= rule.Action is null;
            yield return rule.Action is { } action ? content.With(action.Apply(content.Properties)) : content;
        }
    }
}
