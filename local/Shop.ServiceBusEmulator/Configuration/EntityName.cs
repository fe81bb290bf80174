namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>The rules for names, as on Azure: of queues and topics, of subscriptions, and of rules.</summary>
internal static class EntityName
{
    private const int LongestPath = 260;
    private const int LongestPart = 50;

    /// <summary>What a name of a queue or a topic may be.</summary>
    public static string Rule { get; } =
        $"use letters, digits, '.', '-', '_', '~' and '/', at most {LongestPath}, and a letter or digit at both ends";

    /// <summary>What a name of a subscription or a rule may be.</summary>
    public static string PartRule { get; } =
        $"use letters, digits, '.', '-' and '_', at most {LongestPart}, and a letter or digit at both ends";

    /// <summary>A queue or a topic.</summary>
    public static bool IsValid(string name) => Is(name, LongestPath, ".-_~/");

    /// <summary>A subscription.</summary>
    public static bool IsValidSubscription(string name) => Is(name, LongestPart, ".-_");

    /// <summary>A rule: like a subscription, or the one that a subscription has from the start.</summary>
    public static bool IsValidRule(string name) =>
        name.Equals(Broker.Rule.Default.Name, StringComparison.OrdinalIgnoreCase) || Is(name, LongestPart, ".-_");

    private static bool Is(string name, int longest, string others) =>
        name.Length > 0
        && name.Length <= longest
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c));
}
