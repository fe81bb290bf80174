using System.Net;
using Amqp;
using Amqp.Listener;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Listens for AMQP 1.0.</summary>
internal sealed class AmqpServer : IDisposable
{
    private readonly SocketListener sockets;
    private readonly ConnectionListener listener;

    /// <exception cref="IOException">The port is in use.</exception>
    public AmqpServer(IPEndPoint endpoint, MessageBroker broker, SharedAccessKey key, TimeProvider time)
    {
        sockets = new SocketListener(endpoint, new SaslServer(key));
        var container = new EmulatorContainer(new LinkFactory(broker, key, time), sockets);
        listener = new ConnectionListener(
            new Address(Endpoint.Address.ToString(), Endpoint.Port, null, null, "/", "amqp"),
            container
        )
        {
            HandlerFactory = _ => ProtocolEvents.Instance,
        };
        listener.AMQP.MaxLinksPerSession = 1024;
        listener.AMQP.MaxSessionsPerConnection = 1024;
        listener.Open();
    }

    /// <summary>Where it listens, also when any free port was asked for.</summary>
    public IPEndPoint Endpoint => sockets.Endpoint;

    public int Connections => sockets.Connections;

    public void Dispose() => listener.Close();
}
