using Amqp;
using Amqp.Listener;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Listens for AMQP 1.0 on the loopback address.</summary>
internal sealed class AmqpServer : IDisposable
{
    private readonly SocketListener sockets;
    private readonly ConnectionListener listener;

    /// <exception cref="IOException">The port is in use.</exception>
    public AmqpServer(int port, MessageBroker broker, SharedAccessKey key, TimeProvider time)
    {
        sockets = new SocketListener(port, new SaslServer(key));
        var container = new EmulatorContainer(new LinkFactory(broker, key, time), sockets);
        listener = new ConnectionListener(new Address("127.0.0.1", Port, null, null, "/", "amqp"), container)
        {
            HandlerFactory = _ => ProtocolEvents.Instance,
        };
        listener.AMQP.MaxLinksPerSession = 1024;
        listener.AMQP.MaxSessionsPerConnection = 1024;
        listener.Open();
    }

    /// <summary>The port that it listens on, also when any free one was asked for.</summary>
    public int Port => sockets.Port;

    public int Connections => sockets.Connections;

    public void Dispose() => listener.Close();
}
