using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>Everything that messaging knows of one bounded context.</summary>
internal abstract class MessagingContext(string name)
{
    /// <summary>The context's name, which is its queue's.</summary>
    public string Name { get; } = name;

    /// <summary>CloudEvents' source.</summary>
    public string Source { get; } = "/shop/" + name;
}

/// <typeparam name="TContext">Tells the contexts of one process apart.</typeparam>
internal sealed class MessagingContext<TContext>(string name, MessageRoutes routes, MessageSubscriptions subscriptions)
    : MessagingContext(name),
        IDisposable
    where TContext : DbContext
{
    public MessageRoutes Routes { get; } = routes;

    public MessageSubscriptions Subscriptions { get; } = subscriptions;

    public OutboxSignal Signal { get; } = new();

    public void Dispose() => Signal.Dispose();
}
