using System.Net;
using System.Text;
using Amqp;
using Amqp.Framing;
using Azure.Messaging.ServiceBus;
using Shop.ServiceBusEmulator.Amqp;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Configuration;
using Shop.ServiceBusEmulator.Journal;

namespace Shop.ServiceBus.Tests;

/// <summary>AMQP sessions that follow each other on a channel, with a server in this process whose threads can be held up.</summary>
public sealed class EmulatorChannelTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly TemporaryFolder folder = new();
    private readonly MessageJournal journal;
    private readonly MessageBroker broker;
    private readonly AmqpServer server;

    public EmulatorChannelTests()
    {
        var definition = ConfigurationFile.Parse(
            "Config.json",
            Encoding.UTF8.GetBytes("""{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "q" } ] } ] } }""")
        );
        journal = new MessageJournal(folder.Path, _ => { });
        var topology = new Topology(definition, journal, TimeProvider.System);
        broker = new MessageBroker(topology, journal, TimeProvider.System);
        journal.Open(topology, WireMessageReader.Instance);
        broker.Start();
        server = new AmqpServer(
            new IPEndPoint(IPAddress.Loopback, 0),
            broker,
            new SharedAccessKey(EmulatorSasToken.KeyName, EmulatorSasToken.Key),
            TimeProvider.System
        );
    }

    [Fact]
    public async Task A_session_begins_behind_what_the_one_before_has_left_to_send()
    {
        var connection = await new ConnectionFactory().CreateAsync(
            new Address("127.0.0.1", server.Endpoint.Port, EmulatorSasToken.KeyName, EmulatorSasToken.Key, "/", "amqp")
        );
        var first = new Session(connection);
        var sender = new SenderLink(first, "first", "q");
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        // The library tells of a frame on the thread that sends it.
        Trace.TraceListener = (_, format, arguments) =>
        {
            if (!format.StartsWith("SEND", StringComparison.Ordinal))
            {
                return;
            }

            if (Thread.CurrentThread.Name == "commit" && arguments is [_, global::Amqp.Framing.Dispose])
            {
                answering.TrySetResult();
                release.Wait(Limit);
            }
            else if (arguments is [_, Begin { RemoteChannel: 1 }])
            {
                begun.TrySetResult();
            }
        };
        Trace.TraceLevel = TraceLevel.Frame;
        try
        {
            var sending = sender.SendAsync(new Message("x"), Limit);
            await answering.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            await sending;

            // The end is in line behind the answer, which the client has got but the library has not done with.
            var ending = first.CloseAsync(Limit, null);
            var second = new Session(connection);
            await Task.WhenAny(begun.Task, Task.Delay(Moment, TestContext.Current.CancellationToken));
            Assert.False(begun.Task.IsCompleted, "The second session began before the first had sent its end.");

            release.Set();
            await ending;
            await new SenderLink(second, "second", "q").SendAsync(new Message("x"), Limit);
        }
        finally
        {
            release.Set();
            Trace.TraceListener = null;
            Trace.TraceLevel = 0;
        }

        await connection.CloseAsync();
    }

    [Theory]
    [InlineData(ServiceBusReceiveMode.PeekLock)]
    [InlineData(ServiceBusReceiveMode.ReceiveAndDelete)]
    public async Task Credit_that_comes_while_a_message_is_being_written_is_used(ServiceBusReceiveMode mode)
    {
        await using var client = new ServiceBusClient(
            $"Endpoint=sb://127.0.0.1:{server.Endpoint.Port};SharedAccessKeyName={EmulatorSasToken.KeyName};SharedAccessKey={EmulatorSasToken.Key};UseDevelopmentEmulator=true"
        );
        await using var sender = client.CreateSender("q");
        await using var receiver = client.CreateReceiver("q", new ServiceBusReceiverOptions { ReceiveMode = mode });
        using var release = new ManualResetEventSlim();
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Trace.TraceListener = (_, format, arguments) =>
        {
            if (
                format.StartsWith("SEND", StringComparison.Ordinal)
                && Thread.CurrentThread.Name == "commit"
                && arguments is [_, Transfer, ..]
                && writing.TrySetResult()
            )
            {
                release.Wait(Limit);
            }
        };
        Trace.TraceLevel = TraceLevel.Frame;
        try
        {
            var first = receiver.ReceiveMessageAsync(Limit, TestContext.Current.CancellationToken);
            await Task.Delay(Moment, TestContext.Current.CancellationToken);
            // The answers to the sender come from the thread that is held, so it is not waited for.
            _ = sender.SendMessageAsync(new ServiceBusMessage("1"), TestContext.Current.CancellationToken);
            Assert.Equal("1", (await first).Body.ToString());
            await writing.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

            // The client has got the message, but the library has not counted it yet.
            var second = receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
            await Task.Delay(Moment, TestContext.Current.CancellationToken);
            release.Set();
            await sender.SendMessageAsync(new ServiceBusMessage("2"), TestContext.Current.CancellationToken);

            Assert.Equal("2", (await second)?.Body.ToString());
        }
        finally
        {
            release.Set();
            Trace.TraceListener = null;
            Trace.TraceLevel = 0;
        }
    }

    public void Dispose()
    {
        server.Dispose();
        journal.Dispose();
        broker.Dispose();
        folder.Dispose();
    }
}
