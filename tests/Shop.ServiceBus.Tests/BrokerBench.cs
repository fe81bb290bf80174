using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Configuration;

namespace Shop.ServiceBus.Tests;

/// <summary>A broker without network and disk: time and the journal stand still until the test moves them.</summary>
internal sealed class BrokerBench : IDisposable
{
    private readonly PendingJournal journal = new();

    public BrokerBench(string queues, string topics = "")
    {
        var file =
            $$"""{ "UserConfig": { "Namespaces": [ { "Queues": [ {{queues}} ], "Topics": [ {{topics}} ] } ] } }""";
        var definition = ConfigurationFile.Parse("Config.json", Encoding.UTF8.GetBytes(file));
        Broker = new MessageBroker(new Topology(definition, journal, Time), journal, Time);
        Broker.Start();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, default));

    public MessageBroker Broker { get; }

    public MessageQueue Queue(string address) =>
        Broker.Topology.Find(address)?.Store ?? throw new ArgumentException($"There is no entity '{address}'.");

    /// <summary>Sends and has it committed.</summary>
    public void Send(string address, MessageProperties properties)
    {
        SendUncommitted(address, properties, _ => { });
        journal.Commit();
    }

    public void SendUncommitted(string address, MessageProperties properties, Outcome done) =>
        Broker.Send(Broker.Topology.Find(address)!, [Message(properties)], done);

    public static MessageContent Message(MessageProperties? properties = null) =>
        new(new byte[] { 1 }, new FixedReader(properties ?? new MessageProperties()));

    public void Commit() => journal.Commit();

    /// <summary>Moves the clock, and commits what that set off.</summary>
    public void Pass(TimeSpan span)
    {
        Time.Advance(span);
        journal.Commit();
    }

    public BenchReceiver Receive(string address, int credit, ReceiveMode mode = ReceiveMode.PeekLock)
    {
        var receiver = new BenchReceiver(Queue(address), mode);
        receiver.Consumer.AddCredit(credit);
        journal.Commit();
        return receiver;
    }

    /// <summary>Asks for a session (any, with null) as a receiver on a link of that name.</summary>
    public BenchReceiver Accept(string address, string? sessionId, string linkName = "link")
    {
        var receiver = new BenchReceiver(Queue(address), sessionId, linkName);
        journal.Commit();
        return receiver;
    }

    /// <summary>Does something, commits it, and returns how it ended.</summary>
    public BrokerError? Settle(Action<Outcome> act)
    {
        BrokerError? result = new(BrokerErrorKind.NotAllowed, "It was never answered.");
        act(error => result = error);
        journal.Commit();
        return result;
    }

    public void Dispose() => Broker.Dispose();

    private sealed class FixedReader(MessageProperties properties) : IMessageReader
    {
        public MessageProperties Read(ReadOnlyMemory<byte> encoded) => properties;

        public ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> encoded, MessageProperties properties) =>
            throw new NotSupportedException("There are no bytes to rewrite here.");
    }

    private sealed class PendingJournal : IJournal
    {
        private readonly Queue<JournalEntry> entries = new();

        public void Append(JournalEntry entry)
        {
            foreach (
                var enqueue in entry
                    .Operations.OfType<EnqueueOperation>()
                    .Where(enqueue => enqueue.Message.SequenceNumber == 0)
            )
            {
                enqueue.Message.SequenceNumber = Reserve(enqueue.Queue);
            }

            entries.Enqueue(entry);
        }

        public long Reserve(MessageQueue queue) => ++queue.LastSequence;

        public void Note(UpdateOperation operation) { }

        public void Commit()
        {
            while (entries.TryDequeue(out var entry))
            {
                entry.Apply();
                entry.Acknowledge();
            }
        }
    }
}

/// <summary>Collects what a consumer is given.</summary>
internal sealed class BenchReceiver : IDeliverySink
{
    public BenchReceiver(MessageQueue queue, ReceiveMode mode)
    {
        Consumer = new Consumer(queue, mode, this);
        queue.Add(Consumer);
    }

    public BenchReceiver(MessageQueue queue, string? sessionId, string linkName)
    {
        Consumer = new Consumer(queue, ReceiveMode.PeekLock, this, linkName);
        queue.AcceptSession(Consumer, sessionId, TimeSpan.FromSeconds(5), error => Accepted = (true, error));
    }

    public Consumer Consumer { get; }
    public List<Delivery> Deliveries { get; } = [];
    public int Drains { get; private set; }

    /// <summary>Whether its wish for a session was answered, and with what.</summary>
    public (bool Answered, BrokerError? Error) Accepted { get; private set; }

    public bool HasLostSession { get; private set; }

    public void Deliver(Delivery delivery) => Deliveries.Add(delivery);

    public void Drained() => Drains++;

    public void SessionLockLost() => HasLostSession = true;
}
