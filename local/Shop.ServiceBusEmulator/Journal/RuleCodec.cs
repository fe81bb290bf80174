using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>A rule as named values, in which form the journal keeps it.</summary>
internal static class RuleCodec
{
    private const string Created = "created";
    private const string Sql = "sql";
    private const string Action = "action";
    private const string True = "true";

    // What the sender's own properties are called, so that none is taken for one of the message's.
    private const string Own = "own:";

    public static IReadOnlyDictionary<string, object?> Write(Rule rule)
    {
        Dictionary<string, object?> values = new() { [Created] = rule.CreatedAt.UtcTicks };
        if (rule.Action is { } action)
        {
            values[Action] = action.Statements;
        }

        switch (rule.Filter)
        {
            case SqlFilter sql:
                values[Sql] = sql.Expression;
                break;
            case CorrelationFilter filter:
                values[nameof(filter.ContentType)] = filter.ContentType;
                values[nameof(filter.CorrelationId)] = filter.CorrelationId;
                values[nameof(filter.MessageId)] = filter.MessageId;
                values[nameof(filter.ReplyTo)] = filter.ReplyTo;
                values[nameof(filter.ReplyToSessionId)] = filter.ReplyToSessionId;
                values[nameof(filter.SessionId)] = filter.SessionId;
                values[nameof(filter.Subject)] = filter.Subject;
                values[nameof(filter.To)] = filter.To;
                foreach (var (name, value) in filter.Properties)
                {
                    values[Own + name] = value;
                }

                break;
            default:
                values[True] = true;
                break;
        }

        return values;
    }

    public static Rule Read(string name, IReadOnlyDictionary<string, object?> values) =>
        new(name, Filter(values), values.GetValueOrDefault(Action) is string action ? new SqlAction(action) : null)
        {
            CreatedAt = new DateTimeOffset((long)values[Created]!, TimeSpan.Zero),
        };

    private static IMessageFilter Filter(IReadOnlyDictionary<string, object?> values)
    {
        if (values.GetValueOrDefault(Sql) is string expression)
        {
            return new SqlFilter(expression);
        }

        string? Text(string name) => values.GetValueOrDefault(name) as string;
        return values.ContainsKey(True)
            ? TrueFilter.Instance
            : new CorrelationFilter
            {
                ContentType = Text(nameof(CorrelationFilter.ContentType)),
                CorrelationId = Text(nameof(CorrelationFilter.CorrelationId)),
                MessageId = Text(nameof(CorrelationFilter.MessageId)),
                ReplyTo = Text(nameof(CorrelationFilter.ReplyTo)),
                ReplyToSessionId = Text(nameof(CorrelationFilter.ReplyToSessionId)),
                SessionId = Text(nameof(CorrelationFilter.SessionId)),
                Subject = Text(nameof(CorrelationFilter.Subject)),
                To = Text(nameof(CorrelationFilter.To)),
                Properties = values
                    .Where(value => value.Key.StartsWith(Own, StringComparison.Ordinal))
                    .ToDictionary(value => value.Key[Own.Length..], value => value.Value!),
            };
    }
}
