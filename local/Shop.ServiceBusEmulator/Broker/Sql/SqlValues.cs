using System.Globalization;
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
            return null;
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

    public static object? Compute(string operation, object? left, object? right)
    {
        if (operation == "+" && left is string text && right is string more)
        {
            return text + more;
        }

        if (!IsNumber(left) || !IsNumber(right))
        {
            return null;
        }

        try
        {
            return IsReal(left) || IsReal(right)
                ? (object?)Real(operation, ToDouble(left), ToDouble(right))
                : Whole(operation, ToInt64(left), ToInt64(right));
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

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

    private static int? Order(object? left, object? right)
    {
        if (IsNumber(left) && IsNumber(right))
        {
            return IsReal(left) || IsReal(right)
                ? ToDouble(left).CompareTo(ToDouble(right))
                : ToDecimal(left).CompareTo(ToDecimal(right));
        }

        return (left, right) switch
        {
            (string one, string other) => string.CompareOrdinal(one, other),
            (bool one, bool other) => one.CompareTo(other),
            (Guid one, Guid other) => one.CompareTo(other),
            (Guid one, string other) => Guid.TryParse(other, out var parsed) ? one.CompareTo(parsed) : null,
            (string, Guid) => -Order(right, left),
            (DateTime one, DateTime other) => one.CompareTo(other),
            _ => null,
        };
    }

    private static long Whole(string operation, long left, long right) =>
        checked(
            operation switch
            {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => left / right,
                _ => left % right,
            }
        );

    private static double? Real(string operation, double left, double right)
    {
        var result = operation switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            _ => left % right,
        };
        return double.IsFinite(result) ? result : null;
    }

    private static bool IsNumber(object? value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or decimal || IsReal(value);

    private static bool IsReal(object? value) => value is float or double;

    private static double ToDouble(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static decimal ToDecimal(object? value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    private static long ToInt64(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
