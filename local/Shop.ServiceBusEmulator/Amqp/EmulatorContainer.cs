using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>The library's view of the emulator: makes links, and keeps messages as they come.</summary>
internal sealed class EmulatorContainer(LinkFactory links, TransportProvider transports) : IContainer
{
    public X509Certificate2 ServiceCertificate => throw new NotSupportedException("The emulator listens without TLS.");

    public IDictionary<string, TransportProvider> CustomTransports { get; } =
        new Dictionary<string, TransportProvider>(StringComparer.OrdinalIgnoreCase) { ["amqp"] = transports };

    public Message CreateMessage(ByteBuffer buffer) => new IncomingMessage(buffer);

    public Link CreateLink(ListenerConnection connection, ListenerSession session, Attach attach) =>
        new ListenerLink(session, attach);

    public bool AttachLink(ListenerConnection connection, ListenerSession session, Link link, Attach attach) =>
        links.Attach(connection, (ListenerLink)link, attach);
}
