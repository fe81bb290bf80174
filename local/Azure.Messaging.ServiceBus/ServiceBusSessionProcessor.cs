using Azure.Messaging.ServiceBus.Processing;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// Receives the messages of a queue's or subscription's sessions for ever and runs a handler for each: several sessions
/// at a time, within one session in order. It gets over lost connections and broker restarts by itself, and tells of
/// what goes wrong through <see cref="ProcessErrorAsync"/>.
/// </summary>
public class ServiceBusSessionProcessor : IAsyncDisposable
{
    private readonly ServiceBusClient _client = null!;
    private readonly PumpSwitch _pump;
    private readonly EventHandlerSlot<ProcessSessionMessageEventArgs> _processMessage;
    private readonly EventHandlerSlot<ProcessErrorEventArgs> _processError;
    private readonly EventHandlerSlot<ProcessSessionEventArgs> _sessionInitializing;
    private readonly EventHandlerSlot<ProcessSessionEventArgs> _sessionClosing;
    private volatile bool _closed;

    /// <summary>Creates a processor that can only be derived from, in tests.</summary>
    protected ServiceBusSessionProcessor()
    {
        EntityPath = string.Empty;
        Identifier = string.Empty;
        _pump = new PumpSwitch(() => SessionPump.Start(this, _client!));
        _processMessage = new(nameof(ProcessMessageAsync), () => _pump.IsOn);
        _processError = new(nameof(ProcessErrorAsync), () => _pump.IsOn);
        _sessionInitializing = new(nameof(SessionInitializingAsync), () => _pump.IsOn);
        _sessionClosing = new(nameof(SessionClosingAsync), () => _pump.IsOn);
    }

    /// <summary>Creates a processor of a queue's sessions.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives and handles.</param>
    protected internal ServiceBusSessionProcessor(
        ServiceBusClient client,
        string queueName,
        ServiceBusSessionProcessorOptions? options
    )
        : this()
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        Options = options ?? Options;
        EntityPath = queueName;
        Identifier = Names.Identifier(Options.Identifier, queueName);
    }

    /// <summary>Creates a processor of a subscription's sessions.</summary>
    /// <param name="client">Whose connection it uses.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives and handles.</param>
    protected ServiceBusSessionProcessor(
        ServiceBusClient client,
        string topicName,
        string subscriptionName,
        ServiceBusSessionProcessorOptions? options
    )
        : this(client, Names.Subscription(topicName, subscriptionName), options) { }

    /// <summary>The one handler of messages. A message whose handler throws is abandoned.</summary>
    /// <exception cref="NotSupportedException">There is one already.</exception>
    public event Func<ProcessSessionMessageEventArgs, Task> ProcessMessageAsync
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

    /// <summary>A handler that runs when a session was locked, before its first message.</summary>
    /// <exception cref="NotSupportedException">There is one already.</exception>
    public event Func<ProcessSessionEventArgs, Task> SessionInitializingAsync
    {
        add => _sessionInitializing.Add(value);
        remove => _sessionInitializing.Remove(value);
    }

    /// <summary>A handler that runs before a session is let go.</summary>
    /// <exception cref="NotSupportedException">There is one already.</exception>
    public event Func<ProcessSessionEventArgs, Task> SessionClosingAsync
    {
        add => _sessionClosing.Add(value);
        remove => _sessionClosing.Remove(value);
    }

    /// <summary>Gets whether a message is completed when its handler returns.</summary>
    public virtual bool AutoCompleteMessages => Options.AutoCompleteMessages;

    /// <summary>Gets for how long the lock of a session is renewed.</summary>
    public virtual TimeSpan MaxAutoLockRenewalDuration => Options.MaxAutoLockRenewalDuration;

    /// <summary>Gets how many sessions are handled at the same time.</summary>
    public virtual int MaxConcurrentSessions => Options.MaxConcurrentSessions;

    /// <summary>Gets how many handlers run at the same time for one session.</summary>
    public virtual int MaxConcurrentCallsPerSession => Options.MaxConcurrentCallsPerSession;

    /// <summary>Gets how long a session without messages is kept; a try's time when null.</summary>
    public virtual TimeSpan? SessionIdleTimeout => Options.SessionIdleTimeout;

    /// <summary>Gets how many messages are fetched ahead of need.</summary>
    public virtual int PrefetchCount => Options.PrefetchCount;

    /// <summary>Gets whether messages are locked or deleted when received.</summary>
    public virtual ServiceBusReceiveMode ReceiveMode => Options.ReceiveMode;

    /// <summary>Gets the broker's host.</summary>
    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    /// <summary>Gets the entity that is processed.</summary>
    public virtual string EntityPath { get; }

    /// <summary>Gets the processor's name in diagnostics.</summary>
    public virtual string Identifier { get; }

    /// <summary>Gets whether the processor runs.</summary>
    public virtual bool IsProcessing => _pump.IsOn;

    /// <summary>Gets whether the processor was closed.</summary>
    public virtual bool IsClosed => _closed;

    internal ServiceBusSessionProcessorOptions Options { get; } = new();

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

    /// <summary>Stops receiving, waits for the handlers that run, and lets the sessions go.</summary>
    /// <param name="cancellationToken">Gives up the wait; the handlers run on.</param>
    public virtual Task StopProcessingAsync(CancellationToken cancellationToken = default) =>
        _pump.StopAsync(cancellationToken);

    /// <summary>Stops and closes the processor; the client's connection stays open.</summary>
    /// <param name="cancellationToken">Gives up the wait for handlers.</param>
    public virtual async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        await StopProcessingAsync(cancellationToken).ConfigureAwait(false);
        _closed = true;
    }

    /// <summary>Stops and closes the processor; the client's connection stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs the message handler.</summary>
    /// <param name="args">The message.</param>
    protected internal virtual Task OnProcessSessionMessageAsync(ProcessSessionMessageEventArgs args) =>
        _processMessage.InvokeAsync(args);

    /// <summary>Runs the error handler.</summary>
    /// <param name="args">The error.</param>
    protected internal virtual Task OnProcessErrorAsync(ProcessErrorEventArgs args) => _processError.InvokeAsync(args);

    /// <summary>Runs the handler of sessions that begin.</summary>
    /// <param name="args">The session.</param>
    protected internal virtual Task OnSessionInitializingAsync(ProcessSessionEventArgs args) =>
        _sessionInitializing.InvokeAsync(args);

    /// <summary>Runs the handler of sessions that end.</summary>
    /// <param name="args">The session.</param>
    protected internal virtual Task OnSessionClosingAsync(ProcessSessionEventArgs args) =>
        _sessionClosing.InvokeAsync(args);
}
