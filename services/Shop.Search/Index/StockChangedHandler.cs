using Shop.Messaging;
using Shop.Search.Messages;

namespace Shop.Search.Index;

/// <summary>There is more or less of a product than before.</summary>
internal sealed class StockChangedHandler(ProductIndex index) : IMessageHandler<StockChanged>
{
    public Task HandleAsync(StockChanged message, MessageContext context, CancellationToken cancellationToken) =>
        message.ProductId == Guid.Empty || message.Available < 0
            ? throw new MessageRejectedException(
                "invalid-stock-changed",
                $"productId must be set and available must not be negative (was {message.Available})."
            )
            : index.StockAsync(message.ProductId, message.Available, message.Version, cancellationToken);
}
