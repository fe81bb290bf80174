using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

public sealed class ClientSettlementTests : ClientTest, IAsyncLifetime
{
    private ClientBroker _broker = null!;
    private ServiceBusClient _client = null!;
    private ServiceBusSender _sender = null!;
    private ServiceBusReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await ClientBroker.StartAsync(["orders"], lockDuration: "PT5S");
        _client = _broker.CreateClient();
        _sender = _client.CreateSender("orders");
        _receiver = _client.CreateReceiver("orders");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_completed_message_does_not_come_again()
    {
        await _receiver.CompleteMessageAsync(await SendAndReceiveAsync(), Cancelled);

        Assert.Null(await _receiver.PeekMessageAsync(fromSequenceNumber: 1, Cancelled));
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_at_once_with_its_changes()
    {
        var message = await SendAndReceiveAsync();
        await _receiver.AbandonMessageAsync(
            message,
            new Dictionary<string, object> { ["attempt"] = "first" },
            Cancelled
        );

        var again = await ReceiveAsync(_receiver);
        Assert.Equal(message.SequenceNumber, again.SequenceNumber);
        Assert.Equal(2, again.DeliveryCount);
        Assert.Equal("first", again.ApplicationProperties["attempt"]);
    }

    [Fact]
    public async Task A_deferred_message_comes_by_its_number_only_and_can_be_completed_then()
    {
        var message = await SendAndReceiveAsync();
        await _receiver.DeferMessageAsync(message, cancellationToken: Cancelled);
        Assert.Null(await _receiver.ReceiveMessageAsync(Moment, Cancelled));

        var deferred = await _receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Cancelled);
        Assert.Equal("work", deferred.Body.ToString());
        await _receiver.CompleteMessageAsync(deferred, Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            _receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Cancelled)
        );
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, error.Reason);
    }

    [Fact]
    public async Task A_dead_letter_says_why_and_can_be_sent_again()
    {
        var message = await SendAndReceiveAsync();
        await _receiver.DeadLetterMessageAsync(message, "Poison", "The body is no order.", Cancelled);

        await using var deadLetters = _client.CreateReceiver(
            "orders",
            new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }
        );
        var dead = await ReceiveAsync(deadLetters);
        Assert.Equal("Poison", dead.DeadLetterReason);
        Assert.Equal("The body is no order.", dead.DeadLetterErrorDescription);

        await _sender.SendMessageAsync(new ServiceBusMessage(dead), Cancelled);
        await deadLetters.CompleteMessageAsync(dead, Cancelled);
        var again = await ReceiveAsync(_receiver);
        Assert.Equal(message.MessageId, again.MessageId);
        Assert.Equal("work", again.Body.ToString());
        Assert.Null(again.DeadLetterReason);
    }

    [Fact]
    public async Task A_lock_that_is_renewed_lasts_and_one_that_is_not_is_lost()
    {
        var renewed = await SendAndReceiveAsync();
        var before = renewed.LockedUntil;
        await Task.Delay(TimeSpan.FromSeconds(3), Cancelled);
        await _receiver.RenewMessageLockAsync(renewed, Cancelled);
        Assert.True(renewed.LockedUntil > before);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancelled);
        await _receiver.CompleteMessageAsync(renewed, Cancelled);

        var lost = await SendAndReceiveAsync();
        await using var other = _client.CreateReceiver("orders");
        var again = await ReceiveAsync(other);
        Assert.Equal(2, again.DeliveryCount);
        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            _receiver.CompleteMessageAsync(lost, Cancelled)
        );
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, error.Reason);
        await other.CompleteMessageAsync(again, Cancelled);
    }

    [Fact]
    public async Task A_message_is_settled_once_and_the_second_time_fails()
    {
        var message = await SendAndReceiveAsync();
        await _receiver.CompleteMessageAsync(message, Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(() =>
            _receiver.CompleteMessageAsync(message, Cancelled)
        );
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, error.Reason);
    }

    [Fact]
    public async Task A_receiver_that_stops_waiting_takes_nothing_that_comes_later()
    {
        Assert.Null(await _receiver.ReceiveMessageAsync(Moment, Cancelled));
        await _sender.SendMessageAsync(new ServiceBusMessage("work"), Cancelled);

        await using var other = _client.CreateReceiver("orders");
        Assert.Equal(1, (await ReceiveAsync(other)).DeliveryCount);
    }

    [Fact]
    public async Task What_was_fetched_ahead_is_given_back_when_the_receiver_closes()
    {
        await _sender.SendMessagesAsync([new ServiceBusMessage("1"), new ServiceBusMessage("2")], Cancelled);
        await using (var ahead = _client.CreateReceiver("orders", new ServiceBusReceiverOptions { PrefetchCount = 10 }))
        {
            await ahead.CompleteMessageAsync(await ReceiveAsync(ahead), Cancelled);
        }

        var left = await ReceiveAsync(_receiver);
        Assert.Equal("2", left.Body.ToString());
        Assert.Equal(1, left.DeliveryCount);
    }

    [Fact]
    public async Task Peeking_goes_through_the_messages_without_locking_them()
    {
        await _sender.SendMessagesAsync(
            Enumerable.Range(1, 3).Select(number => new ServiceBusMessage($"{number}")),
            Cancelled
        );

        var first = await _receiver.PeekMessagesAsync(2, cancellationToken: Cancelled);
        var second = await _receiver.PeekMessagesAsync(2, cancellationToken: Cancelled);

        Assert.Equal(["1", "2", "3"], first.Concat(second).Select(message => message.Body.ToString()));
        Assert.Equal(3, (await _receiver.ReceiveMessagesAsync(3, Limit, Cancelled)).Count);
    }

    private async Task<ServiceBusReceivedMessage> SendAndReceiveAsync()
    {
        await _sender.SendMessageAsync(new ServiceBusMessage("work") { MessageId = "m-1" }, Cancelled);
        return await ReceiveAsync(_receiver);
    }
}
