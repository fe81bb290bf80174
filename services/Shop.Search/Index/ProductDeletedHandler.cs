using Shop.Messaging;
using Shop.Search.Messages;

namespace Shop.Search.Index;

/// <summary>A product is no longer sold.</summary>
internal sealed class ProductDeletedHandler(ProductIndex index) : IMessageHandler<ProductDeleted>
{
    public Task HandleAsync(ProductDeleted message, MessageContext context, CancellationToken cancellationToken) =>
        message.ProductId == Guid.Empty || message.Version < 1
            ? throw new MessageRejectedException("invalid-product-deleted", "productId and version must be set.")
            : index.DeleteAsync(message.ProductId, message.Version, cancellationToken);
}
