namespace Shop.Messaging;

/// <summary>How a record is called on the bus, and which topic or queue it goes to.</summary>
internal sealed record Route(string Type, string Destination);

internal sealed class MessageRoutes(IReadOnlyDictionary<Type, Route> routes)
{
    public IEnumerable<Route> All => routes.Values;

    public Route Of<TMessage>() =>
        routes.TryGetValue(typeof(TMessage), out var route)
            ? route
            : throw new InvalidOperationException(
                $"{typeof(TMessage).Name} is neither an Event nor a Command of this context; declare it in AddMessaging."
            );
}
