using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>What tests with the official .NET SDK have in common.</summary>
public abstract class SdkTest
{
    /// <summary>How long a test waits for something that comes at once when all is well.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>How long a test waits for something that must not come.</summary>
    protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    protected static ServiceBusReceiverOptions DeadLetters { get; } = new() { SubQueue = SubQueue.DeadLetter };

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A signal that does not run the waiting test inside of a message handler.</summary>
    protected static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected static async Task<ServiceBusReceivedMessage> ReceiveAsync(ServiceBusReceiver receiver)
    {
        var message = await receiver.ReceiveMessageAsync(Limit, Cancelled);
        Assert.True(message is not null, $"No message came from {receiver.EntityPath}.");
        return message;
    }

    /// <summary>Receives until that many messages have come.</summary>
    protected static async Task<List<ServiceBusReceivedMessage>> ReceiveAsync(ServiceBusReceiver receiver, int count)
    {
        List<ServiceBusReceivedMessage> received = [];
        while (received.Count < count)
        {
            var messages = await receiver.ReceiveMessagesAsync(count - received.Count, Limit, Cancelled);
            Assert.True(
                messages.Count > 0,
                $"Only {received.Count} of {count} messages came from {receiver.EntityPath}."
            );
            received.AddRange(messages);
        }

        return received;
    }

    protected static async Task SendAsync(ServiceBusClient client, string queue, params ServiceBusMessage[] messages)
    {
        await using var sender = client.CreateSender(queue);
        await sender.SendMessagesAsync(messages, Cancelled);
    }

    /// <summary>A processor that is not started yet; without <paramref name="errors"/>, errors are ignored.</summary>
    protected static ServiceBusProcessor Processor(
        ServiceBusClient client,
        string queue,
        Func<ProcessMessageEventArgs, Task> handler,
        ServiceBusProcessorOptions? options = null,
        Action<ProcessErrorEventArgs>? errors = null
    )
    {
        var processor = client.CreateProcessor(queue, options);
        processor.ProcessMessageAsync += handler;
        processor.ProcessErrorAsync += args =>
        {
            errors?.Invoke(args);
            return Task.CompletedTask;
        };
        return processor;
    }

    /// <inheritdoc cref="Processor" />
    protected static ServiceBusSessionProcessor SessionProcessor(
        ServiceBusClient client,
        string queue,
        Func<ProcessSessionMessageEventArgs, Task> handler,
        ServiceBusSessionProcessorOptions? options = null,
        Action<ProcessErrorEventArgs>? errors = null
    )
    {
        var processor = client.CreateSessionProcessor(queue, options);
        processor.ProcessMessageAsync += handler;
        processor.ProcessErrorAsync += args =>
        {
            errors?.Invoke(args);
            return Task.CompletedTask;
        };
        return processor;
    }
}
