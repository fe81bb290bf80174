using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>A context's queue as those see it who put messages into it.</summary>
internal abstract class MessageQueue(MessagingContext context) : IDisposable
{
    public string Name => context.Name;

    /// <summary>Raised when messages have come in, or when one was dealt with.</summary>
    public Signal Signal { get; } = new();

    public bool Handles(string type) => context.Subscriptions.To(type).Count > 0;

    /// <summary>Makes the queue's tables where they are missing.</summary>
    public abstract Task CreateAsync(CancellationToken cancellationToken);

    /// <summary>Puts messages in, all or none. One that is there already stays as it is.</summary>
    public abstract Task PutAsync(IReadOnlyList<QueuedMessage> messages, CancellationToken cancellationToken);

    public void Dispose() => Signal.Dispose();
}

internal sealed class MessageQueue<TContext>(MessagingContext<TContext> context, QueueStore<TContext> store)
    : MessageQueue(context)
    where TContext : DbContext
{
    public override Task CreateAsync(CancellationToken cancellationToken) => store.CreateAsync(cancellationToken);

    public override async Task PutAsync(IReadOnlyList<QueuedMessage> messages, CancellationToken cancellationToken)
    {
        await store.PutAsync(messages, cancellationToken);
        Signal.Wake();
    }
}
