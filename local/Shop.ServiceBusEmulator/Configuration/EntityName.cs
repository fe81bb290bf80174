namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>The rule for names of queues, topics and subscriptions.</summary>
internal static class EntityName
{
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 260
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/');
}
