using Shop.ServiceBusEmulator.Broker.Sql;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>Decides whether a subscription gets a message.</summary>
internal interface IMessageFilter
{
    bool Matches(MessageProperties message);
}

/// <summary>Lets everything through: the rule of a subscription that has none.</summary>
internal sealed class TrueFilter : IMessageFilter
{
    public static readonly TrueFilter Instance = new();

    private TrueFilter() { }

    public bool Matches(MessageProperties message) => true;
}

/// <summary>Matches when every property that it names has the value that it names (case-sensitive, as on Azure).</summary>
internal sealed record CorrelationFilter : IMessageFilter
{
    public string? ContentType { get; init; }
    public string? CorrelationId { get; init; }
    public string? MessageId { get; init; }
    public string? ReplyTo { get; init; }
    public string? ReplyToSessionId { get; init; }
    public string? SessionId { get; init; }
    public string? Subject { get; init; }
    public string? To { get; init; }
    public IReadOnlyDictionary<string, object> Properties { get; init; } = new Dictionary<string, object>();

    public bool IsEmpty =>
        Properties.Count == 0
        && (ContentType ?? CorrelationId ?? MessageId ?? ReplyTo ?? ReplyToSessionId ?? SessionId ?? Subject ?? To)
            is null;

    public bool Matches(MessageProperties message) =>
        Same(Subject, message.Subject)
        && Same(CorrelationId, message.CorrelationId)
        && Same(MessageId, message.MessageId)
        && Same(To, message.To)
        && Same(ReplyTo, message.ReplyTo)
        && Same(SessionId, message.SessionId)
        && Same(ReplyToSessionId, message.ReplyToSessionId)
        && Same(ContentType, message.ContentType)
        && Properties.All(property =>
            message.Application.TryGetValue(property.Key, out var value) && SameValue(property.Value, value)
        );

    private static bool Same(string? wanted, string? actual) =>
        wanted is null || string.Equals(wanted, actual, StringComparison.Ordinal);

    /// <summary>As in SQL: numbers and moments are compared by value, whatever their types.</summary>
    private static bool SameValue(object wanted, object? actual) =>
        wanted.Equals(actual)
        || ((wanted, actual) is not (string, string) && SqlValues.Compare("=", wanted, actual) is true);
}
