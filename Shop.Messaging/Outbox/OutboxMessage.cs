namespace Shop.Messaging;

/// <summary>A message that was decided on, in the transaction of the decision, and is not sent yet.</summary>
internal sealed class OutboxMessage
{
    /// <summary>UUIDv7, ascending in the order of adding; the message's id on the bus.</summary>
    public required Guid Id { get; init; }

    /// <summary>The CloudEvents type.</summary>
    public required string Type { get; init; }

    /// <summary>The topic or queue.</summary>
    public required string Destination { get; init; }

    public required string Body { get; init; }

    public required string CorrelationId { get; init; }

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    /// <summary>When the bus is to deliver it; at once if not given.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// When it may be tried again after it could not be sent; null as long as nothing went wrong. The database's clock, as
    /// relays on several machines go by it.
    /// </summary>
    public DateTimeOffset? AvailableAt { get; init; }

    /// <summary>How often it could not be sent.</summary>
    public int Attempts { get; init; }
}
