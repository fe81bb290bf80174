using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>Everything that messaging knows of one bounded context.</summary>
internal abstract class MessagingContext(string name, MessageRoutes routes, MessageSubscriptions subscriptions)
{
    /// <summary>The context's name, which is its queue's.</summary>
    public string Name { get; } = name;

    /// <summary>CloudEvents' source.</summary>
    public string Source { get; } = "/shop/" + name;

    public MessageRoutes Routes { get; } = routes;

    public MessageSubscriptions Subscriptions { get; } = subscriptions;

    /// <summary>The topic that a context publishes on.</summary>
    public static string TopicOf(string name) => name + "-events";
}

/// <typeparam name="TContext">Tells the contexts of one process apart.</typeparam>
internal sealed class MessagingContext<TContext>(string name, MessageRoutes routes, MessageSubscriptions subscriptions)
    : MessagingContext(name, routes, subscriptions),
        IDisposable
    where TContext : DbContext
{
    public OutboxSignal Signal { get; } = new();

    public void Dispose() => Signal.Dispose();
}
