using Shop.Messaging;
using Shop.Search.Messages;

namespace Shop.Search.Index;

/// <summary>There is more or less of products than before.</summary>
internal sealed class StockChangedHandler(ProductIndex index) : IMessageBatchHandler<StockChanged>
{
    public Task HandleAsync(IReadOnlyList<Received<StockChanged>> messages, CancellationToken cancellationToken) =>
        messages.FirstOrDefault(one => !IsValid(one.Message)) is { Message: var invalid }
            ? throw new MessageRejectedException(
                "invalid-stock-changed",
                $"productId must be set and available must not be negative (was {invalid.Available})."
            )
            : index.StockAsync(messages.Newest(level => level.ProductId, level => level.Version), cancellationToken);

    private static bool IsValid(StockChanged message) => message.ProductId != Guid.Empty && message.Available >= 0;
}
