using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

public sealed class ClientFailureTests : ClientTest, IAsyncLifetime
{
    private ClientBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await ClientBroker.StartAsync(["orders", "payments"]);

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task An_unknown_entity_is_named_as_the_reason()
    {
        await using var client = _broker.CreateClient();
        await using var sender = client.CreateSender("nowhere");
        await using var receiver = client.CreateReceiver("nowhere");

        var sending = await Assert.ThrowsAsync<ServiceBusException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );
        var receiving = await Assert.ThrowsAsync<ServiceBusException>(() =>
            receiver.ReceiveMessageAsync(Limit, Cancelled)
        );
        var peeking = await Assert.ThrowsAsync<ServiceBusException>(() =>
            receiver.PeekMessageAsync(cancellationToken: Cancelled)
        );

        Assert.All(
            [sending, receiving, peeking],
            error =>
            {
                Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, error.Reason);
                Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
                Assert.False(error.IsTransient);
            }
        );
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        await using var client = _broker.CreateClient(key: "wrong");
        await using var sender = client.CreateSender("orders");

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );
    }

    [Fact]
    public async Task A_broker_that_accepts_but_never_answers_times_out()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using var client = new ServiceBusClient(
            $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true",
            new ServiceBusClientOptions
            {
                RetryOptions = new ServiceBusRetryOptions { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(1) },
            }
        );
        await using var sender = client.CreateSender("orders");

        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );

        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, error.Reason);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_a_communication_problem()
    {
        await using var client = _broker.CreateClient(maxRetries: 1);
        await using var sender = client.CreateSender("orders");
        await _broker.KillAsync();

        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );

        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, error.Reason);
    }

    [Fact]
    public async Task Everything_goes_on_after_the_broker_was_killed_and_started_again()
    {
        await using var client = _broker.CreateClient(maxRetries: 20);
        await using var sender = client.CreateSender("orders");
        await using var receiver = client.CreateReceiver("payments");
        await using var payments = client.CreateSender("payments");
        // By id: a message that was handled but not completed at the kill comes again, rightly.
        var handled = new ConcurrentDictionary<string, TaskCompletionSource>();
        var errors = new ConcurrentQueue<ProcessErrorEventArgs>();
        await using var processor = Processor(
            client,
            "orders",
            args =>
            {
                Handled(args.Message.MessageId!).TrySetResult();
                return Task.CompletedTask;
            },
            new ServiceBusProcessorOptions { MaxConcurrentCalls = 4 },
            errors.Enqueue
        );
        await processor.StartProcessingAsync(Cancelled);
        await SendAndHandleAsync("before");
        await payments.SendMessageAsync(new ServiceBusMessage("kept"), Cancelled);

        await _broker.KillAsync();
        var sending = sender.SendMessageAsync(new ServiceBusMessage { MessageId = "meanwhile" }, Cancelled);
        var receiving = receiver.ReceiveMessageAsync(Limit, Cancelled);
        await _broker.StartAsync();

        await sending.WaitAsync(Limit, Cancelled);
        Assert.Equal("kept", (await receiving.WaitAsync(Limit, Cancelled))?.Body.ToString());
        await HandledAsync("meanwhile");
        await SendAndHandleAsync("after");

        // The retries were enough.
        Assert.DoesNotContain(errors, error => error.ErrorSource == ServiceBusErrorSource.Receive);

        TaskCompletionSource Handled(string id) => handled.GetOrAdd(id, _ => Signal());

        Task HandledAsync(string id) => Handled(id).Task.WaitAsync(Limit, Cancelled);

        async Task SendAndHandleAsync(string id)
        {
            await sender.SendMessageAsync(new ServiceBusMessage { MessageId = id }, Cancelled);
            await HandledAsync(id);
        }
    }

    [Fact]
    public async Task A_broker_that_stays_away_is_reported_when_the_retries_are_used_up()
    {
        await using var client = _broker.CreateClient(maxRetries: 1);
        var reported = Signal<ProcessErrorEventArgs>();
        await using var processor = Processor(
            client,
            "orders",
            _ => Task.CompletedTask,
            errors: error => reported.TrySetResult(error)
        );
        await _broker.KillAsync();
        await processor.StartProcessingAsync(Cancelled);

        var error = await reported.Task.WaitAsync(Limit, Cancelled);

        Assert.Equal(ServiceBusErrorSource.Receive, error.ErrorSource);
        Assert.Equal(
            ServiceBusFailureReason.ServiceCommunicationProblem,
            Assert.IsType<ServiceBusException>(error.Exception).Reason
        );
    }

    [Fact]
    public async Task A_closed_client_and_sender_say_so()
    {
        var client = _broker.CreateClient();
        var sender = client.CreateSender("orders");
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        await sender.DisposeAsync();
        await client.DisposeAsync();

        Assert.True(sender.IsClosed);
        Assert.True(client.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );
        Assert.Throws<ObjectDisposedException>(() => client.CreateSender("orders"));
    }
}
