using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Transactions;
using Amqp.Types;

namespace Shop.ServiceBus.Tests;

/// <summary>Transactions as they are on the wire: what no SDK does, and what becomes of a client that is cut off.</summary>
public sealed class EmulatorTransactionWireTests(EmulatorFixture fixture)
    : IClassFixture<EmulatorFixture>,
        IAsyncLifetime
{
    private const string UnknownId = "amqp:transaction:unknown-id";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private Connection connection = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => connection = await fixture.Emulator.ConnectAsync();

    public async ValueTask DisposeAsync() => await connection.CloseAsync();

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef01")]
    public async Task An_id_that_was_never_declared_is_unknown_wherever_it_comes(string hex)
    {
        var id = Convert.FromHexString(hex);
        var session = new Session(connection);
        var sender = new SenderLink(session, "sender", "queue-1");
        await sender.SendAsync(new Message("x"), Limit);
        var receiver = new ReceiverLink(session, "receiver", "queue-1");
        var message = await receiver.ReceiveAsync(Limit);

        Assert.Equal(UnknownId, Condition(await SendAsync(sender, new Message("y"), State(id))));
        Assert.Equal(UnknownId, Condition(await RequestAsync(Coordinator(session), new Discharge { TxnId = id })));
        Assert.Equal(UnknownId, await ScheduleAsync(session, "queue-1", id));
        receiver.Complete(message, State(id, new Accepted()));
        await Task.Delay(300, Cancelled);
        // The disposition was refused: the message is still held, and there is nothing else.
        Assert.Equal(200, await CompleteAsync(session, "queue-1", message));
        Assert.Null(await receiver.ReceiveAsync(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task A_transaction_is_discharged_once_and_belongs_to_its_connection()
    {
        var coordinator = Coordinator(new Session(connection));
        var id = await DeclareAsync(coordinator);
        var other = await fixture.Emulator.ConnectAsync();

        var foreign = await SendAsync(
            new SenderLink(new Session(other), "foreign", "queue-2"),
            new Message("x"),
            State(id)
        );

        Assert.Equal(UnknownId, Condition(foreign));
        Assert.IsType<Accepted>(await RequestAsync(coordinator, new Discharge { TxnId = id }));
        Assert.Equal(UnknownId, Condition(await RequestAsync(coordinator, new Discharge { TxnId = id })));
        await other.CloseAsync();
    }

    [Fact]
    public async Task The_coordinator_says_what_it_cannot_do()
    {
        var coordinator = Coordinator(new Session(connection));

        var distributed = await RequestAsync(coordinator, new Declare { GlobalId = new byte[] { 1 } });
        var nothing = await RequestAsync(coordinator, "commit, please");
        var number = await RequestAsync(coordinator, 7);

        Assert.Equal("amqp:not-implemented", Condition(distributed));
        Assert.Equal("amqp:invalid-field", Condition(nothing));
        Assert.Equal("amqp:invalid-field", Condition(number));
        Assert.Equal(16, (await DeclareAsync(coordinator)).Length);
    }

    [Theory]
    [InlineData("queue-3", "the coordinator link is closed")]
    [InlineData("queue-4", "the connection is closed")]
    [InlineData("queue-5", "the socket is cut")]
    [InlineData("queue-6", "it is rolled back")]
    public async Task What_a_transaction_held_is_free_when(string queue, string end)
    {
        using var cable = new Cable(fixture.Emulator.Port);
        var lost = await new ConnectionFactory().CreateAsync(
            new Address("127.0.0.1", cable.Port, EmulatorSasToken.KeyName, EmulatorSasToken.Key, "/", "amqp")
        );
        var session = new Session(lost);
        var sender = new SenderLink(session, "sender", queue);
        await sender.SendAsync(new Message("held"), Limit);
        var message = await new ReceiverLink(session, "receiver", queue).ReceiveAsync(Limit);
        var coordinator = Coordinator(new Session(lost));
        var id = await DeclareAsync(coordinator);
        var sent = await SendAsync(sender, new Message("never"), State(id));
        Assert.IsType<Accepted>(sent);
        Assert.Equal(200, await CompleteAsync(session, queue, message, id));
        var own = new Session(connection);
        Assert.Equal(400, await CompleteAsync(own, queue, message));

        switch (end)
        {
            case "the coordinator link is closed":
                await coordinator.CloseAsync();
                break;
            case "the connection is closed":
                await lost.CloseAsync();
                break;
            case "the socket is cut":
                cable.Dispose();
                break;
            default:
                await RequestAsync(coordinator, new Discharge { TxnId = id, Fail = true });
                break;
        }

        await Task.Delay(500, Cancelled);
        Assert.Equal(200, await CompleteAsync(own, queue, message));
        Assert.Null(await new ReceiverLink(own, "own", queue).ReceiveAsync(TimeSpan.FromMilliseconds(300)));
    }

    private static SenderLink Coordinator(Session session) =>
        new(
            session,
            $"coordinator-{Guid.NewGuid()}",
            new Attach { Source = new Source(), Target = new Coordinator() },
            null
        );

    private static async Task<byte[]> DeclareAsync(SenderLink coordinator) =>
        Assert.IsType<Declared>(await RequestAsync(coordinator, new Declare())).TxnId;

    private static Task<DeliveryState> RequestAsync(SenderLink coordinator, object body) =>
        SendAsync(coordinator, new Message { BodySection = new AmqpValue { Value = body } }, null);

    private static async Task<DeliveryState> SendAsync(SenderLink sender, Message message, DeliveryState? state)
    {
        var answered = new TaskCompletionSource<DeliveryState>(TaskCreationOptions.RunContinuationsAsynchronously);
        sender.Send(message, state, (_, _, outcome, _) => answered.TrySetResult(outcome), null);
        return await answered.Task.WaitAsync(Limit, Cancelled);
    }

    private static TransactionalState State(byte[] id, Outcome? outcome = null) =>
        new() { TxnId = id, Outcome = outcome };

    private static string? Condition(DeliveryState state) => Assert.IsType<Rejected>(state).Error.Condition.ToString();

    private static async Task<int> CompleteAsync(Session session, string queue, Message message, byte[]? id = null)
    {
        var body = new Map
        {
            ["disposition-status"] = "completed",
            ["lock-tokens"] = new[] { new Guid(message.DeliveryTag) },
        };
        return (int)(await ManageAsync(session, queue, "update-disposition", body, id))["statusCode"];
    }

    private static async Task<string?> ScheduleAsync(Session session, string queue, byte[] id)
    {
        var buffer = new Message("later").Encode();
        var encoded = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
        var body = new Map { ["messages"] = new List { new Map { ["message"] = encoded } } };
        return (await ManageAsync(session, queue, "schedule-message", body, id))["errorCondition"]?.ToString();
    }

    private static async Task<ApplicationProperties> ManageAsync(
        Session session,
        string queue,
        string operation,
        Map body,
        byte[]? id
    )
    {
        var name = $"here-{Guid.NewGuid()}";
        var answers = new ReceiverLink(
            session,
            name,
            new Attach
            {
                Source = new Source { Address = $"{queue}/$management" },
                Target = new Target { Address = name },
            },
            null
        );
        answers.SetCredit(1);
        var request = new Message(body)
        {
            Properties = new Properties { MessageId = "1", ReplyTo = name },
            ApplicationProperties = new ApplicationProperties { ["operation"] = $"com.microsoft:{operation}" },
        };
        var requests = new SenderLink(session, $"requests-{name}", $"{queue}/$management");
        await SendAsync(requests, request, id is null ? null : State(id));
        return (await answers.ReceiveAsync(Limit)).ApplicationProperties;
    }

    /// <summary>Carries one connection to the emulator until it is cut.</summary>
    private sealed class Cable : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly TcpClient far = new();
        private TcpClient? near;

        public Cable(int port)
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _ = CarryAsync(port);
        }

        public int Port { get; }

        public void Dispose()
        {
            listener.Stop();
            near?.Dispose();
            far.Dispose();
        }

        private async Task CarryAsync(int port)
        {
            near = await listener.AcceptTcpClientAsync(Cancelled);
            await far.ConnectAsync(IPAddress.Loopback, port, Cancelled);
            var (one, other) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(one.CopyToAsync(other, Cancelled), other.CopyToAsync(one, Cancelled));
            Dispose();
        }
    }
}
