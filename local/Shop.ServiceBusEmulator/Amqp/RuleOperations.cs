using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Broker.Sql;
using Shop.ServiceBusEmulator.Configuration;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>What <c>$management</c> does for the rules of a subscription.</summary>
internal sealed class RuleOperations(Entity entity, TimeProvider time)
{
    /// <summary>Answers if the operation is one about rules.</summary>
    public bool TryHandle(string? operation, RequestArguments arguments, Action<Response> reply)
    {
        if (entity is not SubscriptionEntity { Rules: { } rules })
        {
            return false;
        }

        Outcome answer = error => reply(error is null ? new(200, "OK") : Response.Refusal(error));
        switch (operation)
        {
            case "com.microsoft:add-rule":
                rules.Add(Rule(arguments), answer);
                return true;
            case "com.microsoft:remove-rule":
                rules.Remove(arguments.RequiredString("rule-name"), answer);
                return true;
            case "com.microsoft:enumerate-rules":
                Enumerate(rules, arguments, reply);
                return true;
            default:
                return false;
        }
    }

    private static void Enumerate(RuleSet rules, RequestArguments arguments, Action<Response> reply)
    {
        var page = rules
            .All.Skip((int)arguments.Int64("skip"))
            .Take((int)arguments.Int64("top"))
            .Select(rule => new Map { ["rule-description"] = RuleDescription.Of(rule) })
            .ToList();
        reply(page.Count == 0 ? new(204, "No rules.") : new(200, "OK", new Map { ["rules"] = page }));
    }

    private Rule Rule(RequestArguments arguments)
    {
        var name = arguments.RequiredString("rule-name");
        if (!EntityName.IsValidRule(name))
        {
            throw new RequestException($"'{name}' is not a rule name: {EntityName.PartRule}.");
        }

        var description = arguments.Nested("rule-description");
        try
        {
            return new(name, Filter(description), Action(description)) { CreatedAt = time.GetUtcNow() };
        }
        catch (SqlSyntaxException exception)
        {
            throw new RequestException($"The rule '{name}' cannot be read: {exception.Message}.");
        }
    }

    private static SqlAction? Action(RequestArguments description) =>
        description.NestedOrNull("sql-rule-action")?.String("expression") is { } statements
            ? new SqlAction(statements)
            : null;

    private static IMessageFilter Filter(RequestArguments description)
    {
        if (description.NestedOrNull("sql-filter") is { } sql)
        {
            return new SqlFilter(sql.RequiredString("expression"));
        }

        var correlation =
            description.NestedOrNull("correlation-filter")
            ?? throw new RequestException("A rule needs 'sql-filter' or 'correlation-filter'.");
        return new CorrelationFilter
        {
            ContentType = correlation.String("content-type"),
            CorrelationId = correlation.String("correlation-id"),
            MessageId = correlation.String("message-id"),
            ReplyTo = correlation.String("reply-to"),
            ReplyToSessionId = correlation.String("reply-to-session-id"),
            SessionId = correlation.String("session-id"),
            Subject = correlation.String("label"),
            To = correlation.String("to"),
            Properties = correlation
                .Map("properties")
                .ToDictionary(
                    property => property.Key,
                    property =>
                        property.Value
                        ?? throw new RequestException($"The property '{property.Key}' of a filter must have a value.")
                ),
        };
    }
}
