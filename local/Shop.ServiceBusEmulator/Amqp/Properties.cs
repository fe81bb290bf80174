using Amqp.Types;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>AMQP maps as application properties.</summary>
internal static class Properties
{
    public static IReadOnlyDictionary<string, object?> Of(Map? map) =>
        map is null
            ? Broker.MessageProperties.NoProperties
            : map.ToDictionary(pair => pair.Key.ToString()!, pair => WireValues.Read(pair.Value));
}
