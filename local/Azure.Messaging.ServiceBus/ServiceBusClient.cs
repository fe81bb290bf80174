using Azure.Core;
using Azure.Messaging.ServiceBus.Transport;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// One connection to a Service Bus namespace, and the senders, receivers and processors on it. Safe for use by many
/// threads; meant to live as long as the application.
/// </summary>
public class ServiceBusClient : IAsyncDisposable
{
    private readonly BrokerConnection _connection = null!;
    private readonly ServiceBusClientOptions _options = new();
    private volatile bool _closed;

    /// <summary>Creates a client that can only be derived from, in tests.</summary>
    protected ServiceBusClient()
    {
        FullyQualifiedNamespace = string.Empty;
        Identifier = string.Empty;
    }

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="connectionString">Endpoint and key, and <c>UseDevelopmentEmulator=true</c> for an emulator.</param>
    public ServiceBusClient(string connectionString)
        : this(connectionString, new ServiceBusClientOptions()) { }

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="connectionString">Endpoint and key, and <c>UseDevelopmentEmulator=true</c> for an emulator.</param>
    /// <param name="options">How to connect.</param>
    public ServiceBusClient(string connectionString, ServiceBusClientOptions options)
        : this(ServiceBusConnectionStringProperties.Parse(connectionString), options) { }

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="fullyQualifiedNamespace">The broker's host.</param>
    /// <param name="credential">Who asks.</param>
    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential)
        : this(fullyQualifiedNamespace, credential, new ServiceBusClientOptions()) { }

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="fullyQualifiedNamespace">The broker's host.</param>
    /// <param name="credential">Who asks.</param>
    /// <param name="options">How to connect.</param>
    public ServiceBusClient(
        string fullyQualifiedNamespace,
        TokenCredential credential,
        ServiceBusClientOptions? options
    )
        : this(BrokerAddress.From(Host(fullyQualifiedNamespace)), TokenSource.From(credential), options) { }

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="fullyQualifiedNamespace">The broker's host.</param>
    /// <param name="credential">The key to sign tokens with.</param>
    /// <param name="options">How to connect.</param>
    public ServiceBusClient(
        string fullyQualifiedNamespace,
        AzureNamedKeyCredential credential,
        ServiceBusClientOptions? options = null
    )
        : this(BrokerAddress.From(Host(fullyQualifiedNamespace)), TokenSource.From(credential), options) { }

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="fullyQualifiedNamespace">The broker's host.</param>
    /// <param name="credential">A token that was signed before.</param>
    /// <param name="options">How to connect.</param>
    public ServiceBusClient(
        string fullyQualifiedNamespace,
        AzureSasCredential credential,
        ServiceBusClientOptions? options = null
    )
        : this(BrokerAddress.From(Host(fullyQualifiedNamespace)), TokenSource.From(credential), options) { }

    private ServiceBusClient(ServiceBusConnectionStringProperties properties, ServiceBusClientOptions? options)
        : this(BrokerAddress.From(properties), TokenSource.From(properties), options) { }

    private ServiceBusClient(BrokerAddress address, TokenSource tokens, ServiceBusClientOptions? options)
    {
        _options = options ?? _options;
        FullyQualifiedNamespace = address.Host;
        Identifier = Names.Identifier(_options.Identifier, address.Host);
        _connection = new BrokerConnection(address, tokens, _options, Identifier);
    }

    /// <summary>Gets the broker's host.</summary>
    public virtual string FullyQualifiedNamespace { get; }

    /// <summary>Gets the client's name in diagnostics.</summary>
    public virtual string Identifier { get; }

    /// <summary>Gets whether the client was disposed of.</summary>
    public virtual bool IsClosed => _closed;

    internal BrokerConnection Connection
    {
        get
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return _connection;
        }
    }

    internal RetryPolicy Retry => RetryPolicy.From(_options.RetryOptions);

    /// <summary>Creates a sender.</summary>
    /// <param name="queueOrTopicName">Where it sends to.</param>
    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => new(this, queueOrTopicName);

    /// <summary>Creates a sender.</summary>
    /// <param name="queueOrTopicName">Where it sends to.</param>
    /// <param name="options">How it sends.</param>
    public virtual ServiceBusSender CreateSender(string queueOrTopicName, ServiceBusSenderOptions? options) =>
        new(this, queueOrTopicName, options);

    /// <summary>Creates a receiver of a queue.</summary>
    /// <param name="queueName">The queue.</param>
    public virtual ServiceBusReceiver CreateReceiver(string queueName) =>
        CreateReceiver(queueName, new ServiceBusReceiverOptions());

    /// <summary>Creates a receiver of a queue.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives.</param>
    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions? options) =>
        new(this, Names.Queue(queueName), options);

    /// <summary>Creates a receiver of a subscription.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) =>
        CreateReceiver(topicName, subscriptionName, new ServiceBusReceiverOptions());

    /// <summary>Creates a receiver of a subscription.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives.</param>
    public virtual ServiceBusReceiver CreateReceiver(
        string topicName,
        string subscriptionName,
        ServiceBusReceiverOptions? options
    ) => new(this, Names.Subscription(topicName, subscriptionName), options);

    /// <summary>Creates a processor of a queue.</summary>
    /// <param name="queueName">The queue.</param>
    public virtual ServiceBusProcessor CreateProcessor(string queueName) =>
        CreateProcessor(queueName, new ServiceBusProcessorOptions());

    /// <summary>Creates a processor of a queue.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives and handles.</param>
    public virtual ServiceBusProcessor CreateProcessor(string queueName, ServiceBusProcessorOptions? options) =>
        new(this, Names.Queue(queueName), options);

    /// <summary>Creates a processor of a subscription.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    public virtual ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName) =>
        CreateProcessor(topicName, subscriptionName, new ServiceBusProcessorOptions());

    /// <summary>Creates a processor of a subscription.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives and handles.</param>
    public virtual ServiceBusProcessor CreateProcessor(
        string topicName,
        string subscriptionName,
        ServiceBusProcessorOptions? options
    ) => new(this, Names.Subscription(topicName, subscriptionName), options);

    /// <summary>Locks a session of a queue that has messages and that nobody holds; waits for one.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">With <see cref="ServiceBusFailureReason.ServiceTimeout"/> when there was none.</exception>
    public virtual Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string queueName,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ServiceBusSessionReceiver.AcceptAsync(this, Names.Queue(queueName), null, options, cancellationToken);

    /// <summary>Locks a session of a subscription that has messages and that nobody holds; waits for one.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">With <see cref="ServiceBusFailureReason.ServiceTimeout"/> when there was none.</exception>
    public virtual Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string topicName,
        string subscriptionName,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        ServiceBusSessionReceiver.AcceptAsync(
            this,
            Names.Subscription(topicName, subscriptionName),
            null,
            options,
            cancellationToken
        );

    /// <summary>Locks a session of a queue, whether it has messages or not.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="options">How it receives.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">With <see cref="ServiceBusFailureReason.SessionCannotBeLocked"/> when another holds it.</exception>
    public virtual Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string queueName,
        string sessionId,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        return ServiceBusSessionReceiver.AcceptAsync(
            this,
            Names.Queue(queueName),
            sessionId,
            options,
            cancellationToken
        );
    }

    /// <summary>Locks a session of a subscription, whether it has messages or not.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="options">How it receives.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="ServiceBusException">With <see cref="ServiceBusFailureReason.SessionCannotBeLocked"/> when another holds it.</exception>
    public virtual Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string topicName,
        string subscriptionName,
        string sessionId,
        ServiceBusSessionReceiverOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        return ServiceBusSessionReceiver.AcceptAsync(
            this,
            Names.Subscription(topicName, subscriptionName),
            sessionId,
            options,
            cancellationToken
        );
    }

    /// <summary>Creates a processor of the sessions of a queue.</summary>
    /// <param name="queueName">The queue.</param>
    /// <param name="options">How it receives and handles.</param>
    public virtual ServiceBusSessionProcessor CreateSessionProcessor(
        string queueName,
        ServiceBusSessionProcessorOptions? options = null
    ) => new(this, Names.Queue(queueName), options);

    /// <summary>Creates a processor of the sessions of a subscription.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="subscriptionName">The subscription.</param>
    /// <param name="options">How it receives and handles.</param>
    public virtual ServiceBusSessionProcessor CreateSessionProcessor(
        string topicName,
        string subscriptionName,
        ServiceBusSessionProcessorOptions? options = null
    ) => new(this, Names.Subscription(topicName, subscriptionName), options);

    /// <summary>Closes the connection. What was created from the client cannot be used any more.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        _closed = true;
        await _connection.CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private static string Host(string fullyQualifiedNamespace)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullyQualifiedNamespace);
        return Uri.TryCreate(fullyQualifiedNamespace, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri.Host
            : fullyQualifiedNamespace;
    }
}
