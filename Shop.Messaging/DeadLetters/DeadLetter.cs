using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Shop.Messaging;

/// <summary>A message that could not be handled, as an operator sees it.</summary>
/// <param name="SequenceNumber">What it is asked for by.</param>
/// <param name="MessageId">The id that it had in the sender's outbox.</param>
/// <param name="Type">The CloudEvents type; empty if the message has none.</param>
/// <param name="CorrelationId">The id of the aggregate it is about.</param>
/// <param name="Reason">A short stable name, such as <c>UnreadableMessage</c>.</param>
/// <param name="Description">What was wrong.</param>
/// <param name="DeliveryCount">How often it was delivered.</param>
/// <param name="SentAt">When it was written to the sender's outbox.</param>
/// <param name="RedrivenAt">When it was last sent again after it had been a dead letter; null if never.</param>
internal sealed record DeadLetter(
    long SequenceNumber,
    string MessageId,
    string Type,
    string? CorrelationId,
    string Reason,
    string Description,
    int DeliveryCount,
    DateTimeOffset SentAt,
    DateTimeOffset? RedrivenAt
)
{
    /// <summary>As it was sent; text if it is no JSON. Lists leave it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Body { get; init; }
}

/// <summary>Dead letters in the order of their sequence numbers.</summary>
/// <param name="Items">Without their bodies.</param>
/// <param name="NextCursor">Asks for the next page; null on the last one.</param>
internal sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, long? NextCursor);

/// <summary>What a redrive of all dead letters has done.</summary>
/// <param name="Redriven">How many are in the queue again.</param>
/// <param name="Done">False if time was over before all were; ask again.</param>
internal sealed record RedriveReport(int Redriven, bool Done);

/// <summary>The outcome of redriving or discarding one dead letter.</summary>
internal enum DeadLetterOutcome
{
    /// <summary>It is no longer a dead letter.</summary>
    Done,

    /// <summary>There is no such dead letter.</summary>
    Unknown,

    /// <summary>Another caller holds it, or dead letters before it. Try again.</summary>
    Busy,
}
