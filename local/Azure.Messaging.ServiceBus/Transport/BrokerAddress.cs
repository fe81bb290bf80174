namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Where a broker listens.</summary>
internal sealed record BrokerAddress(string Scheme, string Host, int Port)
{
    private const int Amqp = 5672;
    private const int AmqpOverTls = 5671;

    /// <summary>What tokens are for, up to the entity's path.</summary>
    public string Audience => $"sb://{Host}/";

    /// <summary>Azure speaks TLS on its one port; the emulator plain TCP on any.</summary>
    public static BrokerAddress From(ServiceBusConnectionStringProperties properties) =>
        properties.UseDevelopmentEmulator
            ? new("AMQP", properties.Endpoint!.Host, properties.Endpoint.Port > 0 ? properties.Endpoint.Port : Amqp)
            : new("AMQPS", properties.Endpoint!.Host, AmqpOverTls);

    public static BrokerAddress From(string fullyQualifiedNamespace) =>
        new("AMQPS", fullyQualifiedNamespace, AmqpOverTls);
}
