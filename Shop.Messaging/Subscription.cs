using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>One handler of one type of message.</summary>
internal abstract class Subscription
{
    /// <summary>The handler's name in the inbox. Renaming the class makes it a new handler.</summary>
    public abstract string HandlerName { get; }

    public abstract Type HandlerType { get; }

    /// <exception cref="System.Text.Json.JsonException">The body is not what this handler reads.</exception>
    public abstract object Read(ReadOnlyMemory<byte> body);

    /// <summary>Whether it takes several deliveries at once.</summary>
    public abstract bool TakesBatches { get; }

    /// <summary>Calls the handler: with all deliveries if it takes batches, else with the only one.</summary>
    public abstract Task HandleAsync(
        IServiceProvider services,
        IReadOnlyList<Delivery> deliveries,
        CancellationToken cancellationToken
    );
}

internal sealed class Subscription<TMessage, THandler> : Subscription
    where TMessage : class
    where THandler : class, IMessageHandler<TMessage>
{
    public override string HandlerName => typeof(THandler).Name;

    public override Type HandlerType => typeof(THandler);

    public override object Read(ReadOnlyMemory<byte> body) => MessageJson.Read<TMessage>(body);

    public override bool TakesBatches { get; } =
        typeof(IMessageBatchHandler<TMessage>).IsAssignableFrom(typeof(THandler));

    public override Task HandleAsync(
        IServiceProvider services,
        IReadOnlyList<Delivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        var handler = services.GetRequiredService<THandler>();
        if (handler is IMessageBatchHandler<TMessage> batches)
        {
            return batches.HandleAsync(
                [
                    .. deliveries.Select(one => new Received<TMessage>(
                        (TMessage)one.Message,
                        one.Context,
                        one.Surroundings
                    )),
                ],
                cancellationToken
            );
        }

        var delivery = deliveries.Single();
        return delivery.Surroundings.RunAsync(() =>
            handler.HandleAsync((TMessage)delivery.Message, delivery.Context, cancellationToken)
        );
    }
}

internal sealed class MessageSubscriptions(IReadOnlyDictionary<string, List<Subscription>> subscriptions)
{
    public IEnumerable<string> Types => subscriptions.Keys;

    public IEnumerable<Type> HandlerTypes =>
        subscriptions.Values.SelectMany(handlers => handlers).Select(handler => handler.HandlerType);

    public IReadOnlyList<Subscription> To(string type) =>
        subscriptions.TryGetValue(type, out var handlers) ? handlers : [];
}
