using System.Diagnostics.Metrics;
using Shop.ServiceBusEmulator.Amqp;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Journal;

namespace Shop.ServiceBusEmulator.Telemetry;

/// <summary>What the emulator counts anyway, told to whoever looks: sending and receiving pay nothing for it.</summary>
internal sealed class EmulatorMetrics : IDisposable
{
    private const string Destination = "messaging.destination.name";

    private readonly Meter meter = new(EmulatorTelemetry.Name);
    private readonly Topology topology;

    public EmulatorMetrics(Topology topology, MessageJournal journal, AmqpServer server)
    {
        this.topology = topology;
        meter.CreateObservableGauge("servicebus.messages", Messages, "{message}", "Messages in an entity, by state.");
        Count(
            "servicebus.messages.in",
            "Messages that came in, from senders or other entities.",
            traffic => traffic.In
        );
        Count("servicebus.messages.out", "Deliveries to receivers.", traffic => traffic.Out);
        Count("servicebus.messages.completed", "Messages that were completed.", traffic => traffic.Completed);
        Count(
            "servicebus.messages.dead_lettered",
            "Messages that became dead letters.",
            traffic => traffic.DeadLettered
        );
        meter.CreateObservableGauge("servicebus.connections", () => server.Connections, "{connection}");
        meter.CreateObservableGauge("servicebus.journal.size", () => journal.Size, "By", "The journal file's length.");
        meter.CreateObservableCounter("servicebus.journal.written", () => journal.Written, "By");
        meter.CreateObservableCounter("servicebus.journal.flushes", () => journal.Flushes, "{flush}", "fsync calls.");
    }

    public void Dispose() => meter.Dispose();

    private void Count(string name, string description, Func<QueueTraffic, long> value) =>
        meter.CreateObservableCounter(
            name,
            () =>
                topology.Entities.Select(entity => new Measurement<long>(
                    value(entity.Store.Traffic()),
                    new KeyValuePair<string, object?>(Destination, entity.Name)
                )),
            "{message}",
            description
        );

    private IEnumerable<Measurement<long>> Messages()
    {
        foreach (var entity in topology.Entities)
        {
            var counts = entity.Store.Count();
            (string, long)[] states =
            [
                ("active", counts.Active),
                ("locked", counts.Locked),
                ("deferred", counts.Deferred),
                ("scheduled", counts.Scheduled),
            ];
            foreach (var (state, count) in states)
            {
                yield return new(count, new(Destination, entity.Name), new("state", state));
            }

            if (topology.DeadLettersOf(entity) is { } deadLetters)
            {
                yield return new(
                    deadLetters.Store.Count().Total,
                    new(Destination, entity.Name),
                    new("state", "dead_lettered")
                );
            }
        }
    }
}
