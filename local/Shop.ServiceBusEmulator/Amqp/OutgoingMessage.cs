using Amqp;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Stands for a message under way to a receiver; its bytes are given to the link separately.</summary>
internal sealed class OutgoingMessage(Guid lockToken) : Message
{
    public Guid LockToken { get; } = lockToken;
}
