using Azure.Messaging.ServiceBus.Processing;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// Receives the messages of a queue or subscription for ever and runs a handler for each. It gets over lost connections
/// and broker restarts by itself, and tells of them through <see cref="ProcessErrorAsync"/>.
/// </summary>
public class ServiceBusProcessor : IAsyncDisposable
{
    private readonly PumpSwitch _pump;
    private readonly ServiceBusProcessorOptions _options = new();
    private readonly ServiceBusReceiver _receiver = null!;
    private readonly EventHandlerSlot<ProcessMessageEventArgs> _processMessage;
    private readonly EventHandlerSlot<ProcessErrorEventArgs> _processError;
    private volatile bool _closed;

    /// <summary>Creates a processor that can only be derived from, in tests.</summary>
    protected ServiceBusProcessor()
    {
        Identifier = string.Empty;
        _pump = new PumpSwitch(() => MessagePump.Start(this, _receiver!));
        _processMessage = new(nameof(ProcessMessageAsync), () => _pump.IsOn);
        _processError = new(nameof(ProcessErrorAsync), () => _pump.IsOn);
    }

    /// <summary>Creates a processor of a queue.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives and handles.</param>
    protected internal ServiceBusProcessor(
        ServiceBusClient client,
        string queueName,
        ServiceBusProcessorOptions? options
    )
        : this()
    {
        ArgumentNullException.ThrowIfNull(client);
        _options = options ?? _options;
        Identifier = Names.Identifier(_options.Identifier, queueName);
        _receiver = new ServiceBusReceiver(
            client,
            queueName,
            new ServiceBusReceiverOptions
            {
                Identifier = Identifier,
                PrefetchCount = _options.PrefetchCount,
                ReceiveMode = _options.ReceiveMode,
                SubQueue = _options.SubQueue,
            }
        );
        AutoCompleteMessages = _options.AutoCompleteMessages;
        MaxAutoLockRenewalDuration = _options.MaxAutoLockRenewalDuration;
        MaxConcurrentCalls = _options.MaxConcurrentCalls;
    }

    /// <summary>Creates a processor of a subscription.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives and handles.</param>
    protected ServiceBusProcessor(
        ServiceBusClient client,
        string topicName,
        string subscriptionName,
        ServiceBusProcessorOptions? options
    )
        : this(client, Names.Subscription(topicName, subscriptionName), options) { }

    /// <summary>The one handler of messages. A message whose handler throws is abandoned.</summary>
    /// <exception cref="NotSupportedException">There is one already.</exception>
    public event Func<ProcessMessageEventArgs, Task> ProcessMessageAsync
    {
        add => _processMessage.Add(value);
        remove => _processMessage.Remove(value);
    }

    /// <summary>The one handler of errors. It only needs to know; the processor goes on.</summary>
    /// <exception cref="NotSupportedException">There is one already.</exception>
    public event Func<ProcessErrorEventArgs, Task> ProcessErrorAsync
    {
        add => _processError.Add(value);
        remove => _processError.Remove(value);
    }

    /// <summary>Gets whether a message is completed when its handler returns.</summary>
    public virtual bool AutoCompleteMessages { get; }

    /// <summary>Gets for how long the lock of a message in its handler is renewed.</summary>
    public virtual TimeSpan MaxAutoLockRenewalDuration { get; }

    /// <summary>Gets how many handlers run at the same time.</summary>
    public virtual int MaxConcurrentCalls { get; }

    /// <summary>Gets how many messages are fetched ahead of need.</summary>
    public virtual int PrefetchCount => _receiver.PrefetchCount;

    /// <summary>Gets whether messages are locked or deleted when received.</summary>
    public virtual ServiceBusReceiveMode ReceiveMode => _receiver.ReceiveMode;

    /// <summary>Gets the broker's host.</summary>
    public virtual string FullyQualifiedNamespace => _receiver.FullyQualifiedNamespace;

    /// <summary>Gets the entity that is processed.</summary>
    public virtual string EntityPath => _receiver.EntityPath;

    /// <summary>Gets the processor's name in diagnostics.</summary>
    public virtual string Identifier { get; }

    /// <summary>Gets whether the processor runs.</summary>
    public virtual bool IsProcessing => _pump.IsOn;

    /// <summary>Gets whether the processor was closed.</summary>
    public virtual bool IsClosed => _closed;

    /// <summary>Starts to process. Returns before the broker is reached.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="InvalidOperationException">A handler is missing, or it runs already.</exception>
    public virtual async Task StartProcessingAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!_processMessage.IsSet || !_processError.IsSet)
        {
            throw new InvalidOperationException(
                $"Set {nameof(ProcessMessageAsync)} and {nameof(ProcessErrorAsync)} before starting to process."
            );
        }

        await _pump.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops receiving, and waits for the handlers that run.</summary>
    /// <param name="cancellationToken">Gives up the wait; the handlers run on.</param>
    public virtual Task StopProcessingAsync(CancellationToken cancellationToken = default) =>
        _pump.StopAsync(cancellationToken);

    /// <summary>Stops and closes the processor; the client's connection stays open.</summary>
    /// <param name="cancellationToken">Gives up the wait for handlers.</param>
    public virtual async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        await StopProcessingAsync(cancellationToken).ConfigureAwait(false);
        _closed = true;
        await _receiver.CloseAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Stops and closes the processor; the client's connection stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs the message handler.</summary>
    /// <param name="args">The message.</param>
    protected internal virtual Task OnProcessMessageAsync(ProcessMessageEventArgs args) =>
        _processMessage.InvokeAsync(args);

    /// <summary>Runs the error handler.</summary>
    /// <param name="args">The error.</param>
    protected internal virtual Task OnProcessErrorAsync(ProcessErrorEventArgs args) => _processError.InvokeAsync(args);
}
