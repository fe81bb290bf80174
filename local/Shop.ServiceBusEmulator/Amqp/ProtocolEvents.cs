using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Types;
using EventId = Amqp.Handler.EventId;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>What the emulator does at the library's events.</summary>
internal sealed class ProtocolEvents : IHandler
{
    public static readonly ProtocolEvents Instance = new();

    public bool CanHandle(EventId id) =>
        id
            is EventId.SessionLocalOpen
                or EventId.SessionRemoteOpen
                or EventId.SendDelivery
                or EventId.LinkRemoteClose
                or EventId.ConnectionLocalClose;

    public void Handle(Event protocolEvent)
    {
        switch (protocolEvent)
        {
            case { Id: EventId.SessionLocalOpen, Connection: ListenerConnection connection, Session: { } session }:
                ConnectionState.Of(connection).Begin(session);
                break;
            case { Id: EventId.SessionRemoteOpen, Context: Begin begin, Session: { } session }:
                SessionInternals.OnBegin(session, begin);
                break;
            // Service Bus' delivery tag is the lock token: the SDKs read it back from there.
            case { Id: EventId.SendDelivery, Context: IDelivery { Message: OutgoingMessage message } delivery }:
                delivery.Tag = message.LockToken.ToByteArray();
                break;
            case { Id: EventId.LinkRemoteClose, Connection: ListenerConnection connection, Link: { } link }:
                ConnectionState.Of(connection).Cancel(link);
                break;
            // The client learns it too, but its SDK connects again without a word.
            case { Id: EventId.ConnectionLocalClose, Context: Close { Error: { } error } }
                when error.Condition != (Symbol)ErrorCode.ConnectionForced:
                Console.Error.WriteLine($"A connection was closed: {error.Condition}: {error.Description}");
                break;
        }
    }
}
