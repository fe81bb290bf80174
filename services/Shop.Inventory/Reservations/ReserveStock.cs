using Microsoft.Extensions.Options;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Stock;
using Shop.Messaging;

namespace Shop.Inventory.Reservations;

/// <summary>Command: set the stock of an order aside, all of it or nothing.</summary>
internal sealed record ReserveStock(Guid OrderId, IReadOnlyList<ReserveStockItem> Items)
{
    /// <summary>The command's type.</summary>
    public const string Type = "shop.inventory.reserve-stock.v1";

    private const int MaxItems = 1000;
    private const int MaxQuantity = 1_000_000;

    /// <summary>The units per product, in the order of the product ids; a command that makes no sense is rejected.</summary>
    public IReadOnlyList<StockQuantity> Quantities()
    {
        if (OrderId == Guid.Empty)
        {
            throw new MessageRejectedException("InvalidCommand", "orderId is missing.");
        }
        if (Items is not { Count: > 0 and <= MaxItems })
        {
            throw new MessageRejectedException("InvalidCommand", $"items must have 1 to {MaxItems} entries.");
        }
        if (Items.Any(item => item.Quantity is < 1 or > MaxQuantity))
        {
            throw new MessageRejectedException("InvalidCommand", $"quantity must be 1 to {MaxQuantity}.");
        }
        return
        [
            .. from item in Items
            group item.Quantity by item.ProductId into product
            orderby product.Key
            select new StockQuantity(product.Key, product.Sum()),
        ];
    }
}

/// <summary>A line of the order.</summary>
internal sealed record ReserveStockItem(Guid ProductId, int Quantity);

/// <summary>Sets the stock aside, or says what is short. An order that has been answered before gets the same answer.</summary>
internal sealed class ReserveStockHandler(
    InventoryDbContext db,
    StockLedger ledger,
    Outbox<InventoryDbContext> outbox,
    IOptions<InventoryOptions> options,
    ReservationMetrics metrics,
    TimeProvider time
) : IMessageBatchHandler<ReserveStock>
{
    /// <inheritdoc />
    public async Task HandleAsync(IReadOnlyList<Received<ReserveStock>> commands, CancellationToken cancellationToken)
    {
        // Who came first is served first. Of two commands about one order the first counts.
        var wanted = commands
            .Select(command => (command.Message.OrderId, Items: command.Message.Quantities()))
            .DistinctBy(command => command.OrderId)
            .ToList();
        var now = time.GetUtcNow();
        var reservations = await db.LockReservationsAsync(
            wanted.Select(command => command.OrderId),
            now,
            cancellationToken
        );

        var decided = await ledger
            .For(now, cancellationToken)
            .ReserveAsync(
                wanted.Select(command => (reservations[command.OrderId], command.Items)),
                options.Value.ReservationLifetime
            );
        foreach (var reservation in decided)
        {
            metrics.Became(reservation.Status);
        }

        foreach (var command in commands)
        {
            command.Handle(message => outbox.AddReserveReply(reservations[message.OrderId]));
        }
    }
}
