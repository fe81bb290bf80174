using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// What SQL does, in few words: <c>INSERT orders</c>, <c>UPDATE stock INSERT outbox_messages</c>. It has no values, so that equal
/// commands have equal names.
/// </summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query</remarks>
internal static partial class QuerySummary
{
    private const int MaxTexts = 1000;
    private const int MaxOperations = 5;

    // A service has some dozens of commands, and some of them a text for each number of rows.
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    public static string Of(string sql)
    {
        if (Known.TryGetValue(sql, out var known))
        {
            return known;
        }

        var summary = Summarise(sql);
        if (Known.Count < MaxTexts)
        {
            Known.TryAdd(sql, summary);
        }

        return summary;
    }

    private static string Summarise(string sql)
    {
        var operations = Operation()
            .Matches(sql)
            .Select(match => $"{VerbOf(match.Groups["verb"].Value)} {match.Groups["table"].Value.Trim('"')}")
            .Distinct()
            .Take(MaxOperations)
            .ToList();
        return operations.Count > 0 ? string.Join(' ', operations) : FirstWord().Match(sql).Value.ToUpperInvariant();
    }

    private static string VerbOf(string words) =>
        words.StartsWith("FROM", StringComparison.OrdinalIgnoreCase)
            ? "SELECT"
            : words.Split((char[]?)null, 2)[0].ToUpperInvariant();

    // Not the locking clause (FOR UPDATE), ON CONFLICT DO UPDATE, IS DISTINCT FROM, nor functions that stand for a table.
    [GeneratedRegex(
        """
            \b(?<verb>INSERT\s+INTO)\s+(?<table>"\w+"|\w+)
            |(?<!\b(?:FOR|KEY|DO|DISTINCT)\s)\b(?<verb>DELETE\s+FROM|(?<!DELETE\s)FROM|UPDATE)\s+(?<table>"\w+"|\w+\b)(?!\s*\()
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Operation();

    [GeneratedRegex(@"\w+")]
    private static partial Regex FirstWord();
}
