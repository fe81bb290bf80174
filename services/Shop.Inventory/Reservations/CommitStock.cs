using Microsoft.Extensions.Options;
using Shop.Inventory.Data;
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
) : IMessageBatchHandler<CommitStock>
{
    /// <inheritdoc />
    public async Task HandleAsync(IReadOnlyList<Received<CommitStock>> commands, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Guid[] orders = [.. commands.Select(command => command.Message.OrderId).Distinct()];
        var found = await db.FindReservationsAsync(orders, cancellationToken);
        var reservations = orders
            .Select(order =>
                found.GetValueOrDefault(order)
                ?? throw new MessageRejectedException("UnknownOrder", $"Order {order} has no reservation to commit.")
            )
            .ToList();

        await ledger.For(now, cancellationToken).CommitAsync(reservations, options.Value.ReservationLifetime);
        foreach (var command in commands)
        {
            command.Handle(message => outbox.AddReply(found[message.OrderId]));
        }
    }
}
