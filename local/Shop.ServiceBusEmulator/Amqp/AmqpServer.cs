using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Listener;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Listens for AMQP 1.0 on the loopback address.</summary>
internal sealed class AmqpServer : IDisposable
{
    private readonly ConnectionListener listener;

    /// <exception cref="IOException">The port is in use.</exception>
    public AmqpServer(int port, MessageBroker broker, SharedAccessKey key, TimeProvider time)
    {
        Port = port == 0 ? FreePort() : port;
        var container = new EmulatorContainer(new LinkFactory(broker, key, time));
        listener = new ConnectionListener(
            new Address("127.0.0.1", Port, null, null, "/", "amqp"),
            container
        )
        {
            HandlerFactory = _ => LockTokenTags.Instance,
        };
        listener.AMQP.MaxLinksPerSession = 1024;
        listener.AMQP.MaxSessionsPerConnection = 1024;
        listener.SASL.EnableAnonymousMechanism = true;
        listener.SASL.EnablePlainMechanism(key.Name, key.Key);
        listener.SASL.EnableMechanism("MSSBCBS", new MssbcbsProfile());
        try
        {
            listener.Open();
        }
        catch (SocketException exception)
        {
            throw new IOException(
                exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {Port} is in use; end what listens there, or give another --port."
                    : $"Port {Port} cannot be listened on: {exception.Message}",
                exception
            );
        }
    }

    public int Port { get; }

    public void Dispose() => listener.Close();

    private static int FreePort()
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
