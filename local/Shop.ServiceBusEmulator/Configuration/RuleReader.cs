using System.Globalization;
using System.Text.Json;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Broker.Sql;

namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>Reads the rules of a subscription.</summary>
internal static class RuleReader
{
    public static RuleDefinition Read(JsonObjectReader rule)
    {
        rule.Only("Name", "Properties");
        var properties =
            rule.Object("Properties") ?? throw rule.Error(rule.Line, "a rule needs 'Properties' with its filter.");
        properties.Only("FilterType", "CorrelationFilter", "SqlFilter", "TrueFilter", "FalseFilter", "Action");
        var name = rule.Name("a rule name", EntityName.IsValidRule, EntityName.PartRule);
        return new(rule.Line, new Rule(name, Filter(properties), Action(properties)));
    }

    private static IMessageFilter Filter(JsonObjectReader properties) =>
        properties.RequiredString("FilterType").ToLowerInvariant() switch
        {
            "correlation" => Correlation(
                properties.Object("CorrelationFilter")
                    ?? throw properties.Error(properties.Line, "a correlation rule needs 'CorrelationFilter'.")
            ),
            "true" or "truefilter" => TrueFilter.Instance,
            "false" or "falsefilter" => new SqlFilter("1=0"),
            "sql" => Sql(
                properties.Object("SqlFilter")
                    ?? throw properties.Error(properties.Line, "a SQL rule needs 'SqlFilter'."),
                expression => new SqlFilter(expression)
            ),
            var other => throw properties.Error(
                properties.Find("FilterType")!.Line,
                $"'{other}' is no filter type: use Correlation, Sql, True or False."
            ),
        };

    private static SqlAction? Action(JsonObjectReader properties) =>
        properties.Object("Action") is { } action ? Sql(action, statements => new SqlAction(statements)) : null;

    private static T Sql<T>(JsonObjectReader sql, Func<string, T> parse)
    {
        sql.Only("SqlExpression");
        var expression = sql.RequiredString("SqlExpression");
        try
        {
            return parse(expression);
        }
        catch (SqlSyntaxException exception)
        {
            throw sql.Error(sql.Find("SqlExpression")!.Line, $"{exception.Message}: {expression}");
        }
    }

    private static CorrelationFilter Correlation(JsonObjectReader filter)
    {
        filter.Only(
            "ContentType",
            "CorrelationId",
            "Label",
            "Subject",
            "MessageId",
            "Properties",
            "ReplyTo",
            "ReplyToSessionId",
            "SessionId",
            "To"
        );
        var correlation = new CorrelationFilter
        {
            ContentType = filter.String("ContentType"),
            CorrelationId = filter.String("CorrelationId"),
            Subject = filter.String("Label") ?? filter.String("Subject"),
            MessageId = filter.String("MessageId"),
            ReplyTo = filter.String("ReplyTo"),
            ReplyToSessionId = filter.String("ReplyToSessionId"),
            SessionId = filter.String("SessionId"),
            To = filter.String("To"),
            Properties =
                filter
                    .Object("Properties")
                    ?.Members.ToDictionary(member => member.Name, member => Value(filter, member.Name, member.Value))
                ?? [],
        };
        return correlation.IsEmpty
            ? throw filter.Error(
                filter.Line,
                "an empty correlation filter would match everything: name at least one property, or use the True filter."
            )
            : correlation;
    }

    private static object Value(JsonObjectReader filter, string name, JsonElementAt value) =>
        value.Type switch
        {
            JsonTokenType.String => value.Text!,
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Number when long.TryParse(value.Text, CultureInfo.InvariantCulture, out var whole) => whole,
            JsonTokenType.Number => double.Parse(value.Text!, CultureInfo.InvariantCulture),
            _ => throw filter.Error(value.Line, $"the property '{name}' must be a text, a number, true or false."),
        };
}
