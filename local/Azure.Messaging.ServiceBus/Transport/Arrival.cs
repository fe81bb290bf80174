using Amqp;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>By which link a message came, and as what; it is settled there.</summary>
internal sealed record Arrival(ReceiveLink Link, Message Message)
{
    /// <summary>Whether the broker has answered to a settlement; it does not answer to a second one.</summary>
    public bool IsSettled { get; set; }
}
