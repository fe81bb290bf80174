using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Messages;
using Shop.Messaging;

namespace Shop.Catalog.Stock;

/// <summary>Keeps the stock that is shown at what Inventory said last.</summary>
internal sealed class StockChangedHandler(CatalogDbContext db, TimeProvider time) : IMessageHandler<StockChanged>
{
    public async Task HandleAsync(StockChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.ProductId == Guid.Empty || message.Available < 0)
        {
            throw new MessageRejectedException(
                "invalid-stock-changed",
                $"productId must be set and available must not be negative (was {message.Available})."
            );
        }

        // One conditional statement: an event that comes late or twice finds a version that is not below its own. No row
        // at all means that the product was deleted meanwhile, and then nobody asks for its stock.
        var now = time.GetUtcNow();
        var changed = await db
            .StockLevels.Where(stock => stock.ProductId == message.ProductId && stock.Version < message.Version)
            .ExecuteUpdateAsync(
                stock =>
                    stock
                        .SetProperty(s => s.Available, message.Available)
                        .SetProperty(s => s.Version, message.Version)
                        .SetProperty(s => s.UpdatedAt, now),
                cancellationToken
            );
        if (changed > 0)
        {
            db.Touched.Add(message.ProductId);
        }
    }
}
