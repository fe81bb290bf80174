namespace Azure.Messaging.ServiceBus;

/// <summary>How entities and their users are named.</summary>
internal static class Names
{
    public static string Queue(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }

    public static string Subscription(string topic, string subscription)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentException.ThrowIfNullOrEmpty(subscription);
        return $"{topic}/Subscriptions/{subscription}";
    }

    public static string Sub(string entityPath, SubQueue subQueue) =>
        subQueue switch
        {
            SubQueue.DeadLetter => $"{entityPath}/$DeadLetterQueue",
            SubQueue.TransferDeadLetter => $"{entityPath}/$Transfer/$DeadLetterQueue",
            _ => entityPath,
        };

    public static string Identifier(string? given, string of) =>
        string.IsNullOrEmpty(given) ? $"{of}-{Guid.NewGuid()}" : given;
}
