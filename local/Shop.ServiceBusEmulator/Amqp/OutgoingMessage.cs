using System.Diagnostics;
using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Stands for a message under way to a receiver; its bytes are given to the link separately.</summary>
internal sealed class OutgoingMessage(Guid lockToken, Activity? span) : Message
{
    /// <summary>Lasts until the message is settled.</summary>
    public Activity? Span { get; } = span;

    public Guid LockToken { get; } = lockToken;
}
