namespace Shop.Messaging;

/// <summary>The transport's end that relays hand their rows to.</summary>
internal interface IOutboxSender
{
    /// <summary>Sends rows of one destination, in their order.</summary>
    /// <param name="destination">The topic or queue.</param>
    /// <param name="source">CloudEvents' source.</param>
    /// <param name="messages">The rows in their order.</param>
    /// <param name="sent">Gets the ids of what the transport has taken; complete also when an exception ends it.</param>
    /// <param name="cancellationToken">Limits it.</param>
    Task SendAsync(
        string destination,
        string source,
        IReadOnlyList<OutboxMessage> messages,
        List<Guid> sent,
        CancellationToken cancellationToken
    );
}
