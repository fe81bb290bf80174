using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>What becomes of a message, in the words of a disposition and of <c>$management</c>.</summary>
internal sealed record Settlement(
    string Status,
    DeliveryState State,
    IDictionary<string, object>? Changes = null,
    string? DeadLetterReason = null,
    string? DeadLetterDescription = null
)
{
    public static Settlement Complete { get; } = new("completed", new Accepted());

    public static Settlement Abandon(IDictionary<string, object>? changes) =>
        new("abandoned", DeadLettering.Abandoned(changes), changes);

    public static Settlement Defer(IDictionary<string, object>? changes) =>
        new("defered", DeadLettering.Deferred(changes), changes);

    public static Settlement DeadLetter(IDictionary<string, object>? changes, string? reason, string? description) =>
        new("suspended", DeadLettering.DeadLettered(changes, reason, description), changes, reason, description);
}
