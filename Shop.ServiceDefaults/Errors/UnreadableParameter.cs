using System.Text.RegularExpressions;

namespace Shop.ServiceDefaults.Errors;

/// <summary>
/// Puts a binding error into words for the caller. The framework tells it only in its message, which names the .NET type and
/// the parameter: <c>Failed to bind parameter "int page" from "x".</c>
/// </summary>
internal static partial class UnreadableParameter
{
    public static (string Field, string Rule) Explain(string message)
    {
        if (Invalid().Match(message) is { Success: true } invalid)
        {
            return (invalid.Groups["name"].Value, "The value is not of the kind that is expected here.");
        }

        if (Missing().Match(message) is { Success: true } missing)
        {
            return (missing.Groups["name"].Value, $"Required and missing in the {missing.Groups["source"].Value}.");
        }

        return ("$", "The request could not be read; send a complete JSON body.");
    }

    [GeneratedRegex("^Failed to bind parameter \"[^\"]* (?<name>\\w+)\" from \"")]
    private static partial Regex Invalid();

    [GeneratedRegex("^Required parameter \"[^\"]* (?<name>\\w+)\" was not provided from (?<source>[\\w ]+)\\.")]
    private static partial Regex Missing();
}
