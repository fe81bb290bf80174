namespace Shop.Messaging;

/// <summary>What handlers ask of a batch.</summary>
public static class ReceivedExtensions
{
    /// <summary>The newest message about each thing, where each tells all of it and makes those before it worthless.</summary>
    /// <typeparam name="TMessage">The messages.</typeparam>
    /// <typeparam name="TKey">What tells the things apart.</typeparam>
    /// <typeparam name="TVersion">What grows with each change of a thing.</typeparam>
    /// <param name="messages">A batch, in any order.</param>
    /// <param name="key">Which thing a message is about.</param>
    /// <param name="version">The thing's version that it tells of.</param>
    public static List<TMessage> Newest<TMessage, TKey, TVersion>(
        this IEnumerable<Received<TMessage>> messages,
        Func<TMessage, TKey> key,
        Func<TMessage, TVersion> version
    ) => [.. messages.Select(one => one.Message).GroupBy(key).Select(ofOne => ofOne.MaxBy(version)!)];
}
