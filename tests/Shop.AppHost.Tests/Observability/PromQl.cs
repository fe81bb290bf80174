using System.Text.RegularExpressions;

namespace Shop.AppHost.Tests.Observability;

/// <summary>Finds the names of metrics and labels in a PromQL expression; Grafana's variables are left out.</summary>
/// <remarks>Grammar: https://prometheus.io/docs/prometheus/latest/querying/basics/.</remarks>
internal static partial class PromQl
{
    // What stands where a metric's name could stand and is none.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "and",
        "or",
        "unless",
        "atan2",
        "bool",
        "offset",
        "inf",
        "nan",
    };

    // Words that a list of labels in parentheses may follow.
    private static readonly HashSet<string> LabelLists = new(StringComparer.OrdinalIgnoreCase)
    {
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
    };

    /// <exception cref="FormatException">Something stands where PromQL has nothing like it.</exception>
    public static (IReadOnlySet<string> Metrics, IReadOnlySet<string> Labels) Read(string expression)
    {
        var metrics = new HashSet<string>();
        var labels = new HashSet<string>();
        var tokens = Tokens(expression);
        char? closesLabels = null;
        for (var i = 0; i < tokens.Count; i++)
        {
            var next = i + 1 < tokens.Count ? tokens[i + 1] : "";
            switch (tokens[i])
            {
                case "{":
                    closesLabels = '}';
                    break;
                case var word when LabelLists.Contains(word):
                    closesLabels = next == "(" ? ')' : closesLabels;
                    break;
                case var end when closesLabels is { } close && end == close.ToString():
                    closesLabels = null;
                    break;
                case var name when !char.IsAsciiLetter(name[0]) && name[0] is not ('_' or ':'):
                    break;
                case var label when closesLabels is not null:
                    labels.Add(label);
                    break;
                case var metric when next != "(" && !Words.Contains(metric) && !LabelLists.Contains(next):
                    metrics.Add(metric);
                    break;
                default:
                    break;
            }
        }

        return (metrics, labels);
    }

    private static List<string> Tokens(string expression)
    {
        var tokens = new List<string>();
        for (var at = 0; at < expression.Length; )
        {
            var match = Token().Match(expression, at);
            if (!match.Success)
            {
                throw new FormatException($"'{expression[at..]}' in '{expression}' is no PromQL.");
            }

            if (match.Groups["token"].Success)
            {
                tokens.Add(match.Groups["token"].Value);
            }

            at += match.Length;
        }

        return tokens;
    }

    // What has no group is skipped: spaces, comments, strings, variables, numbers and durations, operators.
    [GeneratedRegex(
        """
            \G(?:
              \s+ | \#[^\n]*
              | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'
              | \$\w+ | \$\{\w+\}
              | [0-9]+(?:\.[0-9]+)?(?:ms|[smhdwy])?(?:[0-9]+(?:ms|[smhdwy]))*
              | =~ | !~ | != | == | <= | >= | [=<>+\-*/%^@,:\[\]]
              | (?<token>[a-zA-Z_:][a-zA-Z0-9_:]* | [(){}])
            )
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Token();
}
