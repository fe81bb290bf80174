using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>The bodies of answers that carry messages.</summary>
internal static class ResponseBodies
{
    public static Map Messages(IReadOnlyList<Delivery> deliveries, bool withLockTokens)
    {
        var list = new List<Map>();
        foreach (var delivery in deliveries)
        {
            var buffer = WireMessageWriter.Write(delivery);
            var entry = new Map { ["message"] = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray() };
            if (withLockTokens)
            {
                entry["lock-token"] = delivery.LockToken;
            }

            list.Add(entry);
        }

        return new Map { ["messages"] = list };
    }
}
