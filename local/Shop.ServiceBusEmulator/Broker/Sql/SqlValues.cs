using System.Text;
using System.Text.RegularExpressions;

namespace Shop.ServiceBusEmulator.Broker.Sql;

/// <summary>
/// What the operators do. Null is SQL's unknown: what cannot be compared or computed, such as a text with a number or a
/// division by zero, is unknown.
/// </summary>
internal static class SqlValues
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    public static bool? And(bool? left, bool? right) => left & right;

    public static bool? Or(bool? left, bool? right) => left | right;

    public static bool? Compare(string comparison, object? left, object? right)
    {
        if (Order(left, right) is not { } order)
        {
            return comparison switch
            {
                "=" => SameAddress(left, right),
                "<>" or "!=" => !SameAddress(left, right),
                _ => null,
            };
        }

        return comparison switch
        {
            "=" => order == 0,
            "<>" or "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    public static object? Compute(char operation, object? left, object? right) =>
        operation == '+' && left is string text && right is string more
            ? text + more
            : Numbers.Compute(operation, left, right);

    /// <summary>% is any text, _ one character; behind the escape character both are themselves.</summary>
    public static Regex Pattern(string pattern, char? escape)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var current = pattern[i];
            if (current == escape && i + 1 < pattern.Length)
            {
                regex.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else
            {
                regex.Append(
                    current switch
                    {
                        '%' => ".*",
                        '_' => ".",
                        _ => Regex.Escape(current.ToString()),
                    }
                );
            }
        }

        // Without backtracking a hostile pattern costs no more than a friendly one.
        return new Regex(
            regex.Append("\\z").ToString(),
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
            MatchLimit
        );
    }

    /// <summary>Which of two values is the greater one. An address is not: it is only the same, or another.</summary>
    private static int? Order(object? left, object? right) =>
        (left, right) switch
        {
            (string one, string other) => string.CompareOrdinal(one, other),
            (bool one, bool other) => one.CompareTo(other),
            (DateTime or DateTimeOffset, DateTime or DateTimeOffset) => Moment(left).CompareTo(Moment(right)),
            (TimeSpan one, TimeSpan other) => one.CompareTo(other),
            (Guid one, Guid other) => one.CompareTo(other),
            (Guid one, string other) => Guid.TryParse(other, out var parsed) ? one.CompareTo(parsed) : null,
            (string, Guid) => -Order(right, left),
            _ => Numbers.Compare(left, right),
        };

    private static DateTime Moment(object value) =>
        value is DateTimeOffset moment ? moment.UtcDateTime : (DateTime)value;

    private static bool? SameAddress(object? left, object? right) =>
        (left is Uri || right is Uri) && Address(left) is { } one && Address(right) is { } other ? one == other : null;

    private static Uri? Address(object? value) =>
        value as Uri ?? (Uri.TryCreate(value as string, UriKind.Absolute, out var parsed) ? parsed : null);
}
