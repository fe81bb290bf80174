using Microsoft.Extensions.Options;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Stock;
using Shop.Messaging;

namespace Shop.Inventory.Reservations;

/// <summary>Command: the reserved stock of an order leaves.</summary>
internal sealed record CommitStock(Guid OrderId)
{
    /// <summary>The command's type.</summary>
    public const string Type = "shop.inventory.commit-stock.v1";
}

/// <summary>
/// Lets the stock leave. A reservation that expired in the meantime is taken anew if the stock is still there; if not,
/// the answer is the shortage. One that was released stays released.
/// </summary>
internal sealed class CommitStockHandler(
    InventoryDbContext db,
    StockLedger ledger,
    Outbox<InventoryDbContext> outbox,
    IOptions<InventoryOptions> options,
    TimeProvider time
) : IMessageHandler<CommitStock>
{
    /// <inheritdoc />
    public async Task HandleAsync(CommitStock message, MessageContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var reservation =
            await db.FindReservationAsync(message.OrderId, cancellationToken)
            ?? throw new MessageRejectedException(
                "UnknownOrder",
                $"Order {message.OrderId} has no reservation to commit."
            );
        if (reservation.Status == ReservationStatus.Expired)
        {
            await TakeAgainAsync(reservation, now, cancellationToken);
        }
        if (reservation.Status is ReservationStatus.Reserved && reservation.Commit(now) is { } move)
        {
            await ledger.SettleAsync(move, reservation, cancellationToken);
        }
        outbox.AddReply(reservation);
    }

    private async Task TakeAgainAsync(Reservation reservation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var shortages = await ledger.MoveAsync(
            StockMove.Held,
            reservation.Items,
            reservation.OrderId,
            idempotencyKey: null,
            cancellationToken
        );
        if (shortages.Count == 0)
        {
            reservation.Hold(reservation.Items, now, now + options.Value.ReservationLifetime);
        }
        else
        {
            reservation.Reject(reservation.Items, shortages, now);
        }
    }
}
