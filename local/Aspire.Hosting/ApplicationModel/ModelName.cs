namespace Aspire.Hosting.ApplicationModel;

internal static class ModelName
{
    private const int MaxLength = 64;

    /// <summary>Names become host names, variable names and file names, so they are kept to what all of them allow.</summary>
    public static void Validate(string target, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (Problem(name) is { } problem)
        {
            throw new ArgumentException(
                $"{char.ToUpperInvariant(target[0])}{target[1..]} name '{name}' is invalid. {problem}",
                nameof(name)
            );
        }
    }

    private static string? Problem(string name)
    {
        if (name.Length > MaxLength)
        {
            return $"Name must be between 1 and {MaxLength} characters long.";
        }

        if (!char.IsAsciiLetter(name[0]))
        {
            return "Name must start with an ASCII letter.";
        }

        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return "Name must contain only ASCII letters, digits, and hyphens.";
        }

        return name.EndsWith('-') || name.Contains("--", StringComparison.Ordinal)
            ? "Name must not end with a hyphen nor contain consecutive hyphens."
            : null;
    }
}
