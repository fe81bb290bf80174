using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Views;

/// <summary>
/// Keeps <c>order_views</c> and <c>order_item_views</c> at what the events say: one statement for all events of a kind that wait,
/// and no order is loaded. Events may come in any order. The first of them that comes makes the row, which is not listed before
/// order-created has filled it; of two states the later one stays.
/// </summary>
internal sealed class OrderProjection(OrderingDbContext db)
    : IMessageBatchHandler<PlacedOrder>,
        IMessageBatchHandler<ConfirmedOrder>,
        IMessageBatchHandler<ShippedOrder>,
        IMessageBatchHandler<DeliveredOrder>,
        IMessageBatchHandler<CancelledOrder>
{
    public Task HandleAsync(IReadOnlyList<Received<PlacedOrder>> messages, CancellationToken cancellationToken)
    {
        var orders = InOrder(messages, order => order.OrderId);
        var lines = orders
            .SelectMany(
                order => order.Items.Index(),
                (order, line) => (order.OrderId, Number: line.Index + 1, line.Item)
            )
            .ToList();
        Guid[] ids = [.. orders.Select(order => order.OrderId)];
        Guid[] users = [.. orders.Select(order => order.UserId)];
        int[] counts = [.. orders.Select(order => order.Items.Count)];
        decimal[] totals = [.. orders.Select(order => order.Total)];
        string[] currencies = [.. orders.Select(order => order.Currency)];
        DateTimeOffset[] times = [.. orders.Select(order => order.CreatedAt.ToUniversalTime())];
        Guid[] orderOfLine = [.. lines.Select(line => line.OrderId)];
        int[] numbers = [.. lines.Select(line => line.Number)];
        Guid[] products = [.. lines.Select(line => line.Item.ProductId)];
        string[] names = [.. lines.Select(line => line.Item.Name)];
        decimal[] prices = [.. lines.Select(line => line.Item.UnitPrice)];
        int[] quantities = [.. lines.Select(line => line.Item.Quantity)];
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH placed AS (
                INSERT INTO order_views AS view
                    (order_id, user_id, status, item_count, total, currency, created_at)
                SELECT id, user_id, {(short)OrderStatus.Pending}, item_count, total, currency, created_at
                FROM unnest({ids}, {users}, {counts}, {totals}, {currencies}, {times})
                    AS o (id, user_id, item_count, total, currency, created_at)
                ON CONFLICT (order_id) DO UPDATE
                    SET item_count = excluded.item_count, total = excluded.total, currency = excluded.currency,
                        created_at = excluded.created_at
                    WHERE view.created_at IS NULL
                RETURNING order_id)
            INSERT INTO order_item_views (order_id, line, product_id, name, unit_price, quantity)
            SELECT item.*
            FROM unnest({orderOfLine}, {numbers}, {products}, {names}, {prices}, {quantities})
                AS item (order_id, line, product_id, name, unit_price, quantity)
            WHERE item.order_id IN (SELECT order_id FROM placed)
            """,
            cancellationToken
        );
    }

    public Task HandleAsync(IReadOnlyList<Received<ConfirmedOrder>> messages, CancellationToken cancellationToken) =>
        MoveAsync(
            OrderStatus.Confirmed,
            InOrder(messages, order => order.OrderId).ConvertAll(order => (order.OrderId, order.UserId)),
            cancellationToken
        );

    public Task HandleAsync(IReadOnlyList<Received<ShippedOrder>> messages, CancellationToken cancellationToken) =>
        MoveAsync(
            OrderStatus.Shipped,
            InOrder(messages, order => order.OrderId).ConvertAll(order => (order.OrderId, order.UserId)),
            cancellationToken
        );

    public Task HandleAsync(IReadOnlyList<Received<DeliveredOrder>> messages, CancellationToken cancellationToken) =>
        MoveAsync(
            OrderStatus.Delivered,
            InOrder(messages, order => order.OrderId).ConvertAll(order => (order.OrderId, order.UserId)),
            cancellationToken
        );

    // Orders are cancelled for different reasons, and seldom.
    public async Task HandleAsync(IReadOnlyList<Received<CancelledOrder>> messages, CancellationToken cancellationToken)
    {
        foreach (var order in InOrder(messages, order => order.OrderId))
        {
            await MoveAsync(OrderStatus.Cancelled, [(order.OrderId, order.UserId)], cancellationToken, order.Reason);
        }
    }

    private Task<int> MoveAsync(
        OrderStatus status,
        List<(Guid OrderId, Guid UserId)> orders,
        CancellationToken cancellationToken,
        string? reason = null
    )
    {
        Guid[] ids = [.. orders.Select(order => order.OrderId)];
        Guid[] users = [.. orders.Select(order => order.UserId)];
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO order_views AS view (order_id, user_id, status, cancellation_reason)
            SELECT id, user_id, {(short)status}, {reason}
            FROM unnest({ids}, {users}) AS o (id, user_id)
            ON CONFLICT (order_id) DO UPDATE
                SET status = excluded.status, cancellation_reason = excluded.cancellation_reason
                WHERE view.status < excluded.status
            """,
            cancellationToken
        );
    }

    // Everybody locks in the order of the ids. One order may have been told of twice, under two message ids.
    private static List<TEvent> InOrder<TEvent>(IReadOnlyList<Received<TEvent>> messages, Func<TEvent, Guid> orderId) =>
        [.. messages.Select(one => one.Message).DistinctBy(orderId).OrderBy(orderId)];
}
