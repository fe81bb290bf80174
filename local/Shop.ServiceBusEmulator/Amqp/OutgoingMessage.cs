using Amqp;
using Amqp.Handler;
using EventId = Amqp.Handler.EventId;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Stands for a message under way to a receiver; its bytes are given to the link separately.</summary>
internal sealed class OutgoingMessage(Guid lockToken) : Message
{
    public Guid LockToken { get; } = lockToken;
}

/// <summary>Service Bus' delivery tag is the lock token: the SDKs read it back from there.</summary>
internal sealed class LockTokenTags : IHandler
{
    public static readonly LockTokenTags Instance = new();

    public bool CanHandle(EventId id) => id == EventId.SendDelivery;

    public void Handle(Event protocolEvent)
    {
        if (
            protocolEvent is { Id: EventId.SendDelivery, Context: IDelivery delivery }
            && delivery.Message is OutgoingMessage message
        )
        {
            delivery.Tag = message.LockToken.ToByteArray();
        }
    }
}
