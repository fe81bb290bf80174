namespace Shop.Messaging;

/// <summary>What a context publishes, sends and handles.</summary>
public sealed class MessagingBuilder
{
    private readonly string _topic;
    private readonly Dictionary<Type, Route> _routes = [];
    private readonly Dictionary<string, List<Subscription>> _subscriptions = new(StringComparer.Ordinal);

    internal MessagingBuilder(string topic) => _topic = topic;

    /// <summary>An event: published to this context's topic.</summary>
    /// <param name="type">The CloudEvents type.</param>
    public MessagingBuilder Event<TMessage>(string type) => Route<TMessage>(type, _topic);

    /// <summary>A command: sent to the queue of the context that carries it out.</summary>
    /// <param name="type">The CloudEvents type.</param>
    /// <param name="queue">The queue, named after its context.</param>
    public MessagingBuilder Command<TMessage>(string type, string queue) => Route<TMessage>(type, queue);

    /// <summary>
    /// Has a handler called for every message of a type that arrives in this context's queue. A type may have several
    /// handlers; each has its own transaction and its own inbox entry, named after its class.
    /// </summary>
    /// <param name="type">The CloudEvents type.</param>
    public MessagingBuilder Handle<TMessage, THandler>(string type)
        where TMessage : class
        where THandler : class, IMessageHandler<TMessage>
    {
        if (!_subscriptions.TryGetValue(type, out var handlers))
        {
            _subscriptions.Add(type, handlers = []);
        }

        handlers.Add(new Subscription<TMessage, THandler>());
        return this;
    }

    internal MessageRoutes BuildRoutes() => new(_routes);

    internal MessageSubscriptions BuildSubscriptions() => new(_subscriptions);

    private MessagingBuilder Route<TMessage>(string type, string destination)
    {
        _routes.Add(typeof(TMessage), new Route(type, destination));
        return this;
    }
}
