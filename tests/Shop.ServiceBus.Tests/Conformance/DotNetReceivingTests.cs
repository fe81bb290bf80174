using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests.Conformance;

public sealed class DotNetReceivingTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncDisposable
{
    private readonly ServiceBusClient client = new(fixture.ConnectionString);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    [Fact]
    public async Task A_receiver_that_stops_waiting_takes_nothing_that_comes_later()
    {
        await using var receiver = client.CreateReceiver("queue-1");
        Assert.Null(await receiver.ReceiveMessageAsync(Moment, Cancelled));
        await SendAsync(client, "queue-1", new ServiceBusMessage("x"));

        await using var other = client.CreateReceiver("queue-1");
        Assert.Equal(1, (await ReceiveAsync(other)).DeliveryCount);
    }

    [Fact]
    public async Task Dead_letters_are_peeked_at_from_a_sequence_number_on()
    {
        await DeadLetterAsync("queue-2", "a", "b", "c", "d", "e");
        await using var receiver = client.CreateReceiver("queue-2", DeadLetters);

        var first = await receiver.PeekMessagesAsync(2, fromSequenceNumber: 0, Cancelled);
        var rest = await receiver.PeekMessagesAsync(10, first[^1].SequenceNumber + 1, Cancelled);
        var none = await receiver.PeekMessagesAsync(10, rest[^1].SequenceNumber + 1, Cancelled);

        Assert.Equal(["a", "b"], first.Select(letter => letter.DeadLetterReason));
        Assert.Equal(["c", "d", "e"], rest.Select(letter => letter.DeadLetterReason));
        Assert.Empty(none);
    }

    [Fact]
    public async Task A_dead_letter_can_be_sent_again_while_the_others_are_given_back()
    {
        await DeadLetterAsync("queue-3", "a", "b", "c");
        await using var deadLetters = client.CreateReceiver("queue-3", DeadLetters);
        var letters = await ReceiveAsync(deadLetters, 3);

        await SendAsync(client, "queue-3", new ServiceBusMessage(letters[1]));
        await deadLetters.CompleteMessageAsync(letters[1], Cancelled);
        await deadLetters.AbandonMessageAsync(letters[0], cancellationToken: Cancelled);
        await deadLetters.AbandonMessageAsync(letters[2], cancellationToken: Cancelled);

        await using var receiver = client.CreateReceiver("queue-3");
        var again = await ReceiveAsync(receiver);
        Assert.Equal("b", again.MessageId);
        Assert.Equal(1, again.DeliveryCount);
        Assert.Null(again.DeadLetterReason);
        Assert.Equal(["a", "c"], (await ReceiveAsync(deadLetters, 2)).Select(letter => letter.MessageId));
    }

    [Fact]
    public async Task A_dead_letter_may_be_given_back_more_often_than_a_message_may_fail()
    {
        // The queue takes 3 deliveries of a message.
        await DeadLetterAsync("orders", "a");
        await using var receiver = client.CreateReceiver("orders", DeadLetters);

        for (var delivery = 1; delivery <= 5; delivery++)
        {
            var letter = await ReceiveAsync(receiver);
            Assert.Equal("a", letter.DeadLetterReason);
            await receiver.AbandonMessageAsync(letter, cancellationToken: Cancelled);
        }
    }

    /// <summary>Leaves a dead letter for each of the reasons, with the reason as its id.</summary>
    private async Task DeadLetterAsync(string queue, params string[] reasons)
    {
        await SendAsync(client, queue, [.. reasons.Select(reason => new ServiceBusMessage { MessageId = reason })]);
        await using var receiver = client.CreateReceiver(queue);
        foreach (var message in await ReceiveAsync(receiver, reasons.Length))
        {
            await receiver.DeadLetterMessageAsync(message, message.MessageId, cancellationToken: Cancelled);
        }
    }
}
