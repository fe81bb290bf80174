using Shop.Inventory.Data;
using Shop.Inventory.Messages;
using Shop.Inventory.Stock;
using Shop.Messaging;

namespace Shop.Inventory.Reservations;

/// <summary>Command: an order does not want its stock (any more).</summary>
internal sealed record ReleaseStock(Guid OrderId, string? Reason = null)
{
    /// <summary>The command's type.</summary>
    public const string Type = "shop.inventory.release-stock.v1";
}

/// <summary>
/// Gives the stock back, also when it has been committed already. Release of an order that nobody has heard of is
/// remembered, so that its reserve command, should it come later, takes nothing.
/// </summary>
internal sealed class ReleaseStockHandler(
    InventoryDbContext db,
    StockLedger ledger,
    Outbox<InventoryDbContext> outbox,
    TimeProvider time
) : IMessageHandler<ReleaseStock>
{
    private const int MaxReason = 200;

    /// <inheritdoc />
    public async Task HandleAsync(ReleaseStock message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.OrderId == Guid.Empty)
        {
            throw new MessageRejectedException("InvalidCommand", "orderId is missing.");
        }
        var now = time.GetUtcNow();
        var found = await db.FindReservationsAsync([message.OrderId], cancellationToken) is { Count: > 0 } known
            ? known
            : await db.LockReservationsAsync([message.OrderId], now, cancellationToken);
        var reservation = found[message.OrderId];
        var reason = message.Reason ?? "unspecified";

        await ledger
            .For(now, cancellationToken)
            .ReleaseAsync(reservation, reason[..Math.Min(reason.Length, MaxReason)]);
        outbox.Add(new StockReleased(message.OrderId), message.OrderId.ToString());
    }
}
