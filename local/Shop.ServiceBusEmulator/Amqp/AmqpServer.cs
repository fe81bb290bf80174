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

    /// <summary>Listens on an address, and if the machine has it on a second one, with the same port.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public AmqpServer(
        IPEndPoint endpoint,
        MessageBroker broker,
        SharedAccessKey key,
        TimeProvider time,
        IPAddress? second = null
    )
    {
        sockets = new SocketListener(endpoint, second, new SaslServer(key), () => broker.Topology.LargestMessage);
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

    /// <summary>Whether the second address was there to listen on.</summary>
    public bool HasSecond => sockets.HasSecond;

    public int Connections => sockets.Connections;

    public void Dispose() => listener.Close();
}
