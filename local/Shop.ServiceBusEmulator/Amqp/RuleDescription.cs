using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>A rule as clients read it: described lists, whose codes are Service Bus' own.</summary>
internal static class RuleDescription
{
    private const ulong Rule = 0x0000_0137_0000_0004;
    private const ulong NoAction = 0x0000_0137_0000_0005;
    private const ulong Action = 0x0000_0137_0000_0006;
    private const ulong Sql = 0x0000_0013_7000_0006;
    private const ulong True = 0x0000_0013_7000_0007;
    private const ulong Correlation = 0x0000_0013_7000_0009;

    // What clients of the time before versions are told: the language has not changed since.
    private const int SqlVersion = 20;

    public static DescribedValue Of(Rule rule) =>
        Described(Rule, FilterOf(rule.Filter), ActionOf(rule.Action), rule.Name, rule.CreatedAt.UtcDateTime);

    private static DescribedValue ActionOf(SqlAction? action) =>
        action is null ? Described(NoAction) : Described(Action, action.Statements, SqlVersion);

    private static DescribedValue FilterOf(IMessageFilter filter) =>
        filter switch
        {
            SqlFilter sql => Described(Sql, sql.Expression, SqlVersion),
            CorrelationFilter correlation => Described(
                Correlation,
                correlation.CorrelationId,
                correlation.MessageId,
                correlation.To,
                correlation.ReplyTo,
                correlation.Subject,
                correlation.SessionId,
                correlation.ReplyToSessionId,
                correlation.ContentType,
                MapOf(correlation.Properties)
            ),
            _ => Described(True),
        };

    private static Map MapOf(IReadOnlyDictionary<string, object> properties)
    {
        var map = new Map();
        foreach (var (name, value) in properties)
        {
            map[name] = WireValues.Write(value);
        }

        return map;
    }

    private static DescribedValue Described(ulong code, params object?[] items)
    {
        var list = new List();
        list.AddRange(items);
        return new DescribedValue(code, list);
    }
}
