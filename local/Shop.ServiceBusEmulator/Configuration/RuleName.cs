namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>The rule for names of rules.</summary>
internal static class RuleName
{
    private const int Longest = 50;

    /// <summary>What a name must be, for whoever gave another.</summary>
    public static string Rule { get; } = $"use letters, digits, '.', '-' and '_', at most {Longest}";

    public static bool IsValid(string name) =>
        name.Length <= Longest && !name.Contains('/', StringComparison.Ordinal) && EntityName.IsValid(name);
}
