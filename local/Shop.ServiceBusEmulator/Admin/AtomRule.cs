using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Broker.Sql;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>A rule as the description that clients send and read.</summary>
internal static class AtomRule
{
    public const string Element = "RuleDescription";

    // How a filter that nothing passes is kept.
    private const string Never = "1=0";

    private static readonly XName Type = Atom.Instance + "type";

    /// <exception cref="ManagementException">The rule cannot be used.</exception>
    public static Rule Read(string name, XElement description)
    {
        try
        {
            return new(
                name,
                Filter(description.Element(Atom.ServiceBus + "Filter")),
                Action(description.Element(Atom.ServiceBus + "Action"))
            );
        }
        catch (SqlSyntaxException exception)
        {
            throw ManagementException.Invalid($"The rule '{name}' cannot be read: {exception.Message}.");
        }
    }

    public static XElement Write(Rule rule) =>
        new(
            Atom.ServiceBus + Element,
            new XAttribute(XNamespace.Xmlns + "i", Atom.Instance),
            Write(rule.Filter),
            rule.Action is { } action
                ? Sql("Action", "SqlRuleAction", action.Statements)
                : new XElement(Atom.ServiceBus + "Action", new XAttribute(Type, "EmptyRuleAction")),
            new XElement(Atom.ServiceBus + "CreatedAt", Atom.Moment(rule.CreatedAt)),
            new XElement(Atom.ServiceBus + "Name", rule.Name)
        );

    private static IMessageFilter Filter(XElement? filter) =>
        TypeOf(filter) switch
        {
            "TrueFilter" => TrueFilter.Instance,
            "FalseFilter" => new SqlFilter(Never),
            "SqlFilter" => new SqlFilter(Expression(filter!)),
            "CorrelationFilter" => Correlation(filter!),
            var other => throw ManagementException.Invalid(
                $"'Filter' must have the type SqlFilter, CorrelationFilter, TrueFilter or FalseFilter, not '{other}'."
            ),
        };

    private static SqlAction? Action(XElement? action) =>
        TypeOf(action) switch
        {
            null or "EmptyRuleAction" => null,
            "SqlRuleAction" => new SqlAction(Expression(action!)),
            var other => throw ManagementException.Invalid(
                $"'Action' must have the type SqlRuleAction or EmptyRuleAction, not '{other}'."
            ),
        };

    private static string Expression(XElement sql)
    {
        if (sql.Element(Atom.ServiceBus + "Parameters") is { HasElements: true })
        {
            throw ManagementException.Invalid(
                "'Parameters' must be empty: the emulator knows none. Write the values into 'SqlExpression'."
            );
        }

        return sql.Element(Atom.ServiceBus + "SqlExpression")?.Value is { Length: > 0 } expression
            ? expression
            : throw ManagementException.Invalid("'SqlExpression' is missing or empty.");
    }

    private static CorrelationFilter Correlation(XElement filter)
    {
        string? Text(string name) =>
            filter.Element(Atom.ServiceBus + name)?.Value is { Length: > 0 } text ? text : null;
        var correlation = new CorrelationFilter
        {
            ContentType = Text("ContentType"),
            CorrelationId = Text("CorrelationId"),
            MessageId = Text("MessageId"),
            ReplyTo = Text("ReplyTo"),
            ReplyToSessionId = Text("ReplyToSessionId"),
            SessionId = Text("SessionId"),
            Subject = Text("Label"),
            To = Text("To"),
            Properties = Properties(filter.Element(Atom.ServiceBus + "Properties")),
        };
        return correlation.IsEmpty
            ? throw ManagementException.Invalid(
                "An empty CorrelationFilter would match everything: name at least one property, or use a TrueFilter."
            )
            : correlation;
    }

    private static Dictionary<string, object> Properties(XElement? properties)
    {
        Dictionary<string, object> values = [];
        foreach (var property in properties?.Elements() ?? [])
        {
            var name =
                property.Element(Atom.ServiceBus + "Key")?.Value
                ?? throw ManagementException.Invalid("Each of the filter's 'Properties' needs a 'Key' and a 'Value'.");
            values[name] = Value(name, property.Element(Atom.ServiceBus + "Value"));
        }

        return values;
    }

    private static object Value(string name, XElement? value)
    {
        var type = TypeOf(value);
        try
        {
            return type switch
            {
                "string" => value!.Value,
                "int" => XmlConvert.ToInt32(value!.Value),
                "long" => XmlConvert.ToInt64(value!.Value),
                "boolean" => XmlConvert.ToBoolean(value!.Value),
                "double" => XmlConvert.ToDouble(value!.Value),
                "dateTime" => XmlConvert.ToDateTime(value!.Value, XmlDateTimeSerializationMode.Utc),
                _ => throw new FormatException(),
            };
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw ManagementException.Invalid(
                $"The property '{name}' must have a value of the type string, int, long, boolean, double or dateTime, not '{value?.Value}' of the type '{type}'."
            );
        }
    }

    /// <summary>The type that an element says it has, without the prefix of its namespace.</summary>
    private static string? TypeOf(XElement? element) => element?.Attribute(Type)?.Value.Split(':')[^1];

    private static XElement Write(IMessageFilter filter) =>
        filter switch
        {
            SqlFilter { Expression: Never } => Sql("Filter", "FalseFilter", Never),
            SqlFilter sql => Sql("Filter", "SqlFilter", sql.Expression),
            CorrelationFilter correlation => Write(correlation),
            _ => Sql("Filter", "TrueFilter", "1=1"),
        };

    private static XElement Sql(string element, string type, string expression) =>
        new(
            Atom.ServiceBus + element,
            new XAttribute(Type, type),
            new XElement(Atom.ServiceBus + "SqlExpression", Atom.Text(expression)),
            new XElement(Atom.ServiceBus + "CompatibilityLevel", 20)
        );

    private static XElement Write(CorrelationFilter filter)
    {
        (string Name, string? Value)[] texts =
        [
            ("CorrelationId", filter.CorrelationId),
            ("MessageId", filter.MessageId),
            ("To", filter.To),
            ("ReplyTo", filter.ReplyTo),
            ("Label", filter.Subject),
            ("SessionId", filter.SessionId),
            ("ReplyToSessionId", filter.ReplyToSessionId),
            ("ContentType", filter.ContentType),
        ];
        return new(
            Atom.ServiceBus + "Filter",
            new XAttribute(Type, nameof(CorrelationFilter)),
            texts
                .Where(text => text.Value is not null)
                .Select(text => new XElement(Atom.ServiceBus + text.Name, Atom.Text(text.Value!))),
            new XElement(
                Atom.ServiceBus + "Properties",
                filter.Properties.Select(property => new XElement(
                    Atom.ServiceBus + "KeyValueOfstringanyType",
                    new XElement(Atom.ServiceBus + "Key", Atom.Text(property.Key)),
                    WriteValue(property.Value)
                ))
            )
        );
    }

    private static XElement WriteValue(object value) =>
        new(
            Atom.ServiceBus + "Value",
            new XAttribute(XNamespace.Xmlns + "s", Atom.Schema),
            new XAttribute(
                Type,
                value switch
                {
                    bool => "s:boolean",
                    double or float or decimal => "s:double",
                    DateTime => "s:dateTime",
                    long or ulong or uint => "s:long",
                    sbyte or byte or short or ushort or int => "s:int",
                    _ => "s:string",
                }
            ),
            value is IConvertible and not (bool or double or float or DateTime)
                ? Atom.Text(Convert.ToString(value, CultureInfo.InvariantCulture)!)
                : value
        );
}
