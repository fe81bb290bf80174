using System.Globalization;

namespace Shop.ServiceBusEmulator.Broker.Sql;

/// <summary>A property that an expression names: one of the message's own (<c>sys.</c>), or one of its sender's.</summary>
internal sealed record SqlProperty(bool IsSystem, string Name)
{
    private static readonly Dictionary<
        string,
        (Func<MessageProperties, object?> Get, Func<MessageProperties, string?, MessageProperties>? Set)
    > Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ContentType"] = (m => m.ContentType, (m, value) => m with { ContentType = value }),
        ["CorrelationId"] = (m => m.CorrelationId, (m, value) => m with { CorrelationId = value }),
        ["Label"] = (m => m.Subject, (m, value) => m with { Subject = value }),
        ["MessageId"] = (m => m.MessageId, null),
        ["ReplyTo"] = (m => m.ReplyTo, (m, value) => m with { ReplyTo = value }),
        ["ReplyToSessionId"] = (m => m.ReplyToSessionId, (m, value) => m with { ReplyToSessionId = value }),
        ["ScheduledEnqueueTimeUtc"] = (m => m.ScheduledEnqueueTime?.UtcDateTime, null),
        ["SessionId"] = (m => m.SessionId, (m, value) => m with { SessionId = value }),
        ["Subject"] = (m => m.Subject, (m, value) => m with { Subject = value }),
        ["To"] = (m => m.To, (m, value) => m with { To = value }),
    };

    public static IEnumerable<string> SystemNames => Known.Keys;

    public static IEnumerable<string> SettableNames =>
        Known.Where(property => property.Value.Set is not null).Select(property => property.Key);

    public bool Exists => !IsSystem || Known.ContainsKey(Name);

    public bool CanBeSet => !IsSystem || Known[Name].Set is not null;

    public object? Of(MessageProperties message)
    {
        if (IsSystem)
        {
            return Known[Name].Get(message);
        }

        return KeyIn(message) is { } key ? message.Application[key] : null;
    }

    public bool IsIn(MessageProperties message) =>
        IsSystem ? Known[Name].Get(message) is not null : KeyIn(message) is not null;

    public MessageProperties Set(MessageProperties message, object? value)
    {
        if (IsSystem)
        {
            var text = value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
            return Known[Name].Set!(message, text);
        }

        return message with
        {
            Application = new Dictionary<string, object?>(message.Application) { [KeyIn(message) ?? Name] = value },
        };
    }

    public MessageProperties RemoveFrom(MessageProperties message)
    {
        if (IsSystem)
        {
            return Known[Name].Set!(message, null);
        }

        var left = new Dictionary<string, object?>(message.Application);
        left.Remove(KeyIn(message) ?? Name);
        return message with { Application = left };
    }

    // Names in expressions are case-insensitive; the exact one is preferred, and by far the most frequent.
    private string? KeyIn(MessageProperties message) =>
        message.Application.ContainsKey(Name)
            ? Name
            : message.Application.Keys.FirstOrDefault(key => key.Equals(Name, StringComparison.OrdinalIgnoreCase));
}
