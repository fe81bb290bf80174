using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Views;

/// <summary>
/// Keeps <c>order_views</c> and <c>order_item_views</c> at what the events say: one statement each, and no order is loaded. Events may come in any order. The first of them that comes makes the row, which is not listed before
/// order-created has filled it; of two states the later one stays.
/// </summary>
internal sealed class OrderProjection(OrderingDbContext db)
    : IMessageHandler<PlacedOrder>,
        IMessageHandler<ConfirmedOrder>,
        IMessageHandler<ShippedOrder>,
        IMessageHandler<DeliveredOrder>,
        IMessageHandler<CancelledOrder>
{
    public Task HandleAsync(PlacedOrder order, MessageContext context, CancellationToken cancellationToken)
    {
        int[] lines = [.. Enumerable.Range(1, order.Items.Count)];
        Guid[] products = [.. order.Items.Select(item => item.ProductId)];
        string[] names = [.. order.Items.Select(item => item.Name)];
        decimal[] prices = [.. order.Items.Select(item => item.UnitPrice)];
        int[] quantities = [.. order.Items.Select(item => item.Quantity)];
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH placed AS (
                INSERT INTO order_views AS view
                    (order_id, user_id, status, item_count, total, currency, created_at)
                VALUES ({order.OrderId}, {order.UserId}, {(short)
                OrderStatus.Pending}, {order.Items.Count}, {order.Total},
                    {order.Currency}, {order.CreatedAt.ToUniversalTime()})
                ON CONFLICT (order_id) DO UPDATE
                    SET item_count = excluded.item_count, total = excluded.total, currency = excluded.currency,
                        created_at = excluded.created_at
                    WHERE view.created_at IS NULL
                RETURNING order_id)
            INSERT INTO order_item_views (order_id, line, product_id, name, unit_price, quantity)
            SELECT placed.order_id, item.*
            FROM placed, unnest({lines}, {products}, {names}, {prices}, {quantities}) AS item
            """,
            cancellationToken
        );
    }

    public Task HandleAsync(ConfirmedOrder order, MessageContext context, CancellationToken cancellationToken) =>
        MoveAsync(order.OrderId, order.UserId, OrderStatus.Confirmed, null, cancellationToken);

    public Task HandleAsync(ShippedOrder order, MessageContext context, CancellationToken cancellationToken) =>
        MoveAsync(order.OrderId, order.UserId, OrderStatus.Shipped, null, cancellationToken);

    public Task HandleAsync(DeliveredOrder order, MessageContext context, CancellationToken cancellationToken) =>
        MoveAsync(order.OrderId, order.UserId, OrderStatus.Delivered, null, cancellationToken);

    public Task HandleAsync(CancelledOrder order, MessageContext context, CancellationToken cancellationToken) =>
        MoveAsync(order.OrderId, order.UserId, OrderStatus.Cancelled, order.Reason, cancellationToken);

    private Task<int> MoveAsync(
        Guid orderId,
        Guid userId,
        OrderStatus status,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_views AS view (order_id, user_id, status, cancellation_reason)
            VALUES ({orderId}, {userId}, {(short)status}, {reason})
            ON CONFLICT (order_id) DO UPDATE
                SET status = excluded.status, cancellation_reason = excluded.cancellation_reason
                WHERE view.status < excluded.status
            """,
            cancellationToken
        );
}
