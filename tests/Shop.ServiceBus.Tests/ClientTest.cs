using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>What the client's tests have in common.</summary>
public abstract class ClientTest
{
    /// <summary>How long a test waits for something that comes at once when all is well.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>How long a test waits for something that must not come.</summary>
    protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A signal that does not run the waiting test inside of a message handler.</summary>
    protected static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc cref="Signal" />
    protected static TaskCompletionSource<T> Signal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected static async Task<ServiceBusReceivedMessage> ReceiveAsync(ServiceBusReceiver receiver)
    {
        var message = await receiver.ReceiveMessageAsync(Limit, Cancelled);
        Assert.True(message is not null, $"No message came from {receiver.EntityPath}.");
        return message;
    }

    protected static ServiceBusProcessor Processor(
        ServiceBusClient client,
        string queue,
        Func<ProcessMessageEventArgs, Task> handler,
        ServiceBusProcessorOptions? options = null,
        Action<ProcessErrorEventArgs>? errors = null
    )
    {
        var processor = client.CreateProcessor(queue, options ?? new ServiceBusProcessorOptions());
        processor.ProcessMessageAsync += handler;
        processor.ProcessErrorAsync += args =>
        {
            errors?.Invoke(args);
            return Task.CompletedTask;
        };
        return processor;
    }
}
