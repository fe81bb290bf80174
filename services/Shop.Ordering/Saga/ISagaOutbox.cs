namespace Shop.Ordering.Saga;

/// <summary>Where the engine puts what is to be sent once the saga's state is committed.</summary>
internal interface ISagaOutbox
{
    void Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt = null);
}
