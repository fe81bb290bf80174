using Shop.Ordering.Domain;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Tests.Saga;

/// <summary>
/// Model checking: every state that the saga and its partners can get into, under every order of delivery, with
/// duplicates, silence, late payments, a customer who cancels at any moment until the order is shipped, and an operator who
/// ships and delivers at any moment and refunds after that.
/// </summary>
public sealed class SagaExplorationTests
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    [InlineData(false, 2)]
    public void However_messages_arrive_stock_and_money_agree_with_the_order_in_the_end(
        bool partnersRemember,
        int duplicates
    )
    {
        HashSet<string> seen = [];
        HashSet<(OrderStatus, Stock, Money)> ends = [];
        Queue<string[]> open = new([
            [],
        ]);
        while (open.TryDequeue(out var path))
        {
            var world = Replay(path, partnersRemember, duplicates);
            if (!seen.Add(world.Fingerprint))
            {
                continue;
            }

            AssertSound(world, path);
            var choices = world.Choices().ToList();
            foreach (var choice in choices)
            {
                open.Enqueue([.. path, choice]);
            }

            // The end is where only somebody's whim is left: a customer who could cancel, a payment that could
            // come late, a reservation that could expire, an operator who could ship or refund.
            if (choices.All(choice => choice is "cancel" or "pay late" or "expire" or "ship" or "deliver" or "refund"))
            {
                AssertConsistent(world, path);
                ends.Add((world.Order.Status, world.Stock, world.Money));
            }
        }

        Assert.Contains((OrderStatus.Confirmed, Stock.Committed, Money.Paid), ends);
        Assert.Contains((OrderStatus.Shipped, Stock.Committed, Money.Paid), ends);
        Assert.Contains((OrderStatus.Delivered, Stock.Committed, Money.Paid), ends);
        Assert.Contains((OrderStatus.Shipped, Stock.Committed, Money.Refunded), ends);
        Assert.Contains((OrderStatus.Delivered, Stock.Committed, Money.Refunded), ends);
        Assert.Contains((OrderStatus.Cancelled, Stock.Refused, Money.Untouched), ends);
        Assert.Contains((OrderStatus.Cancelled, Stock.Refused, Money.Refunded), ends);
        Assert.Contains((OrderStatus.Cancelled, Stock.Released, Money.Declined), ends);
        Assert.Contains((OrderStatus.Cancelled, Stock.Released, Money.Refunded), ends);
        Assert.True(seen.Count > 200, $"only {seen.Count} states were explored");
    }

    private static SagaWorld Replay(string[] path, bool remember, int duplicates)
    {
        var world = new SagaWorld(remember, duplicates);
        foreach (var choice in path)
        {
            world.Take(choice);
        }

        return world;
    }

    private static void AssertSound(SagaWorld world, string[] path)
    {
        var how = string.Join(" -> ", path);
        Assert.True(
            world.Order.Status switch
            {
                OrderStatus.Pending => world.Saga.Status == SagaStatus.Running,
                OrderStatus.Confirmed or OrderStatus.Shipped or OrderStatus.Delivered => world.Saga.Status
                    == SagaStatus.Completed,
                _ => world.Saga.Status == SagaStatus.Cancelled,
            },
            $"{world.Order.Status} with a saga that is {world.Saga.Status}: {how}"
        );
        Assert.True(
            world.Saga.Status != SagaStatus.Completed
                || world.Money == Money.Paid
                || (world.Shipments == 1 && world.Money == Money.Refunded),
            $"{world.Order.Status} with money {world.Money}: {how}"
        );
        Assert.True(
            world.Order.Status is not (OrderStatus.Shipped or OrderStatus.Delivered) || world.Stock == Stock.Committed,
            $"{world.Order.Status} with stock {world.Stock}: {how}"
        );
        int[] events = [world.Confirmations, world.Cancellations, world.Shipments, world.Deliveries];
        Assert.True(events.All(count => count <= 1), $"An event was published twice: {how}");
        Assert.True(world.Shipments + world.Cancellations <= 1, $"Both shipped and cancelled: {how}");
    }

    private static void AssertConsistent(SagaWorld world, string[] path)
    {
        var consistent = world.Order.Status switch
        {
            OrderStatus.Confirmed => world is { Stock: Stock.Committed, Money: Money.Paid },
            // Given back, if at all, by an operator after it had been shipped; then the order shows it.
            OrderStatus.Shipped or OrderStatus.Delivered => world is { Stock: Stock.Committed }
                && world.Money == (world.Order.RefundedAmount is null ? Money.Paid : Money.Refunded),
            OrderStatus.Cancelled => world.Stock is not (Stock.Reserved or Stock.Committed)
                && world.Money is not Money.Paid,
            _ => false,
        };
        Assert.True(
            consistent,
            $"Ended {world.Order.Status} with stock {world.Stock} and money {world.Money}: {string.Join(" -> ", path)}"
        );
    }
}
