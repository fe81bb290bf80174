namespace Shop.Messaging;

/// <summary>The fact that a handler has handled a message, written in the handler's own transaction.</summary>
internal sealed class InboxMessage
{
    public required string MessageId { get; init; }

    public required string Handler { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
