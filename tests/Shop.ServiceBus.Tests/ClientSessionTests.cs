using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>One session at a time, by hand.</summary>
public sealed class ClientSessionTests : ClientTest, IAsyncLifetime
{
    private ClientBroker _broker = null!;
    private ServiceBusClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await ClientBroker.StartAsync(["orders"], lockDuration: "PT5S", sessions: true);
        _client = _broker.CreateClient(maxRetries: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task The_messages_of_a_session_come_in_order_and_to_its_holder_only()
    {
        await SendAsync("a", "1", "2", "3");
        await SendAsync("b", "4");
        await using var a = await _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled);

        var refused = await Assert.ThrowsAsync<ServiceBusException>(() =>
            _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled)
        );
        var first = await ReceiveAsync(a);
        await a.AbandonMessageAsync(first, cancellationToken: Cancelled);
        var bodies = new List<string>();
        for (var count = 0; count < 3; count++)
        {
            var message = await ReceiveAsync(a);
            Assert.Equal("a", message.SessionId);
            bodies.Add(message.Body.ToString());
            await a.CompleteMessageAsync(message, Cancelled);
        }

        Assert.Equal(ServiceBusFailureReason.SessionCannotBeLocked, refused.Reason);
        Assert.Equal("a", a.SessionId);
        Assert.Equal(["1", "2", "3"], bodies);
        Assert.Null(await a.ReceiveMessageAsync(Moment, Cancelled));
    }

    [Fact]
    public async Task The_next_session_is_one_with_messages_that_nobody_holds()
    {
        await SendAsync("a", "1");
        await SendAsync("b", "2");
        await using var first = await _client.AcceptNextSessionAsync("orders", cancellationToken: Cancelled);
        await using var second = await _client.AcceptNextSessionAsync("orders", cancellationToken: Cancelled);

        await using var impatient = _broker.CreateClient(maxRetries: 0, tryTimeout: 1);
        var none = await Assert.ThrowsAsync<ServiceBusException>(() =>
            impatient.AcceptNextSessionAsync("orders", cancellationToken: Cancelled)
        );

        Assert.Equal(["a", "b"], new[] { first.SessionId, second.SessionId }.Order());
        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, none.Reason);
    }

    [Fact]
    public async Task Waiting_for_the_next_session_ends_when_one_gets_a_message()
    {
        var waiting = _client.AcceptNextSessionAsync("orders", cancellationToken: Cancelled);
        await SendAsync("late", "1");

        await using var receiver = await waiting.WaitAsync(Limit, Cancelled);

        Assert.Equal("late", receiver.SessionId);
        Assert.Equal("1", (await ReceiveAsync(receiver)).Body.ToString());
    }

    [Fact]
    public async Task The_state_stays_with_the_session_until_it_is_taken_away()
    {
        await using (var receiver = await _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled))
        {
            Assert.Null(await receiver.GetSessionStateAsync(Cancelled));
            await receiver.SetSessionStateAsync(BinaryData.FromString("half way"), Cancelled);
        }

        await using var next = await _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled);
        Assert.Equal("half way", (await next.GetSessionStateAsync(Cancelled))?.ToString());
        await next.SetSessionStateAsync(null!, Cancelled);
        Assert.Null(await next.GetSessionStateAsync(Cancelled));
    }

    [Fact]
    public async Task A_renewed_lock_lasts_longer()
    {
        await using var receiver = await _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled);
        var before = receiver.SessionLockedUntil;
        await Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled);

        await receiver.RenewSessionLockAsync(Cancelled);

        Assert.True(receiver.SessionLockedUntil > before);
        Assert.False(receiver.IsClosed);
    }

    [Fact]
    public async Task A_lock_that_ran_out_is_lost_for_good()
    {
        await SendAsync("a", "1");
        await using var receiver = await _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled);
        var message = await ReceiveAsync(receiver);
        await using var next = await AcceptWhenFreeAsync("a");

        await Closed(() => receiver.CompleteMessageAsync(message, Cancelled));
        await Closed(() => receiver.RenewSessionLockAsync(Cancelled));
        await Closed(() => receiver.GetSessionStateAsync(Cancelled));
        await Closed(() => receiver.ReceiveMessageAsync(Limit, Cancelled));
        Assert.True(receiver.IsClosed);
        var again = await ReceiveAsync(next);

        Assert.Equal(message.MessageId, again.MessageId);
        Assert.Equal(2, again.DeliveryCount);
    }

    [Fact]
    public async Task Peeking_and_deferring_keep_to_the_session()
    {
        await SendAsync("b", "other");
        await SendAsync("a", "1", "2");
        await using var receiver = await _client.AcceptSessionAsync("orders", "a", cancellationToken: Cancelled);
        var deferred = await ReceiveAsync(receiver);
        await receiver.DeferMessageAsync(deferred, cancellationToken: Cancelled);
        await receiver.CompleteMessageAsync(await ReceiveAsync(receiver), Cancelled);

        var peeked = await receiver.PeekMessagesAsync(10, cancellationToken: Cancelled);
        var fetched = await receiver.ReceiveDeferredMessageAsync(deferred.SequenceNumber, Cancelled);
        await receiver.CompleteMessageAsync(fetched, Cancelled);

        Assert.Equal("1", Assert.Single(peeked).Body.ToString());
        Assert.Equal("1", fetched.Body.ToString());
        Assert.Empty(await receiver.PeekMessagesAsync(10, 0, Cancelled));
    }

    [Fact]
    public async Task A_receiver_without_a_session_is_refused_where_sessions_are_required()
    {
        await using var receiver = _client.CreateReceiver("orders");

        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.ReceiveMessageAsync(Limit, Cancelled));
    }

    [Fact]
    public async Task A_message_without_a_session_is_refused_where_sessions_are_required()
    {
        await using var sender = _client.CreateSender("orders");

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );
    }

    private static Task<ObjectDisposedException> Closed(Func<Task> call) =>
        Assert.ThrowsAsync<ObjectDisposedException>(call);

    private async Task<ServiceBusSessionReceiver> AcceptWhenFreeAsync(string sessionId)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Limit;
        while (true)
        {
            try
            {
                return await _client.AcceptSessionAsync("orders", sessionId, cancellationToken: Cancelled);
            }
            catch (ServiceBusException held)
                when (held.Reason == ServiceBusFailureReason.SessionCannotBeLocked
                    && TimeProvider.System.GetUtcNow() < deadline
                )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), Cancelled);
            }
        }
    }

    private async Task SendAsync(string sessionId, params string[] bodies)
    {
        await using var sender = _client.CreateSender("orders");
        await sender.SendMessagesAsync(
            bodies.Select(body => new ServiceBusMessage(body) { SessionId = sessionId }),
            Cancelled
        );
    }
}
