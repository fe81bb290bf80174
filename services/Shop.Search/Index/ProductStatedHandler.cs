using Shop.Messaging;
using Shop.Search.Messages;

namespace Shop.Search.Index;

/// <summary>A product is new or has changed.</summary>
internal sealed class ProductStatedHandler(ProductIndex index) : IMessageHandler<ProductStated>
{
    public Task HandleAsync(ProductStated message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.ProductId == Guid.Empty || message.Version < 1 || message.Name.Length == 0)
        {
            throw new MessageRejectedException("invalid-product", "productId, name and version must be set.");
        }

        var product = new ProductFacts(
            message.ProductId,
            message.Name,
            message.Description,
            message.Price,
            message.Currency,
            [.. message.Categories],
            message.Image,
            message.Version,
            message.Stock
        );
        return index.StateAsync(product, cancellationToken);
    }
}
