using System.Text.Json;

namespace Shop.ServiceDefaults.Errors;

/// <summary>Puts a JSON error into words for the caller. The exception's own message names .NET types, so it stays inside.</summary>
internal static class UnreadableJson
{
    public static (string Field, string Rule) Explain(JsonException exception)
    {
        var place =
            $"line {exception.LineNumber.GetValueOrDefault() + 1}, byte {exception.BytePositionInLine.GetValueOrDefault() + 1}";
        var field = FieldOf(exception.Path);
        if (exception is BrokenRuleException)
        {
            return (field, exception.Message);
        }

        // The reader's own exceptions (the text is no JSON) come wrapped in one that has the path.
        if (exception.InnerException is JsonException)
        {
            return (field, $"The body is not well-formed JSON at {place}.");
        }

        if (exception.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return (field, "There is no such member here; correct its name or leave it out.");
        }

        return MissingMembers(exception.Message) is { } missing
            ? (field, $"Required and missing: {missing}.")
            : (field, $"The value at {place} is not of the kind that is expected here.");
    }

    /// <summary><c>$.items[0].quantity</c> as the caller writes it: <c>items[0].quantity</c>; the body itself is <c>$</c>.</summary>
    private static string FieldOf(string? path) =>
        path is null or "" or "$" ? "$"
        : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..]
        : path;

    private static string? MissingMembers(string message)
    {
        const string marker = "missing required properties including:";
        var start = message.IndexOf(marker, StringComparison.Ordinal);
        return start < 0 ? null : message[(start + marker.Length)..].Split(". ")[0].Trim().TrimEnd('.');
    }
}
