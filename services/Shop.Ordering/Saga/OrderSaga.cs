using System.Globalization;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;
using static Shop.Ordering.Saga.SagaStep;

namespace Shop.Ordering.Saga;

/// <summary>
/// What happens to an order, step by step, and what undoes it. This is the whole process; how it is kept through
/// duplicates, delays and crashes is <see cref="SagaEngine"/>'s business.
/// </summary>
/// <remarks>Pattern: https://microservices.io/patterns/data/saga.html (orchestration).</remarks>
internal static class OrderSaga
{
    public static SagaDefinition Definition { get; } =
        new()
        {
            OnStarted = Send(OrderEvents.Created),
            Steps =
            [
                new SagaStep(StepName.ReserveStock)
                {
                    Does = "Asked Inventory to reserve the stock.",
                    When = "while its stock was being reserved",
                    Command = Send(order => new ReserveStock(order.Id, Lines(order))),
                    OnSuccess = Reply<StockReserved>("Inventory reserved the stock."),
                    OnFailure = Refusal<StockReservationFailed>(
                        (order, reply) => Cancellation.OutOfStock(order, Shortages(reply))
                    ),
                    Deadline = options => options.StockDeadline,
                    OnDeadline = Cancellation.StockTimedOut,
                    Undoes = "Asked Inventory to release the stock.",
                    Compensation = Undo((order, reason) => new ReleaseStock(order.Id, reason)),
                    OnCompensated = Reply<StockReleased>("Inventory released the stock."),
                },
                new SagaStep(StepName.ProcessPayment)
                {
                    Does = "Asked Payments to charge the payment method.",
                    When = "while its payment was being made",
                    Command = Send(order => new ProcessPayment(
                        order.Id,
                        order.UserId,
                        order.Total,
                        order.Currency,
                        order.PaymentMethod
                    )),
                    OnSuccess = Reply<PaymentSucceeded>("The payment was made."),
                    OnFailure = Refusal<PaymentFailed>(
                        (_, reply) =>
                            Cancellation.PaymentDeclined(
                                reply.Code ?? "declined",
                                reply.Message ?? "no reason was given."
                            )
                    ),
                    Deadline = options => options.PaymentDeadline,
                    OnDeadline = Cancellation.PaymentTimedOut,
                    Undoes = "Asked Payments to cancel or refund the payment.",
                    Compensation = Undo((order, reason) => new RefundPayment(order.Id, reason)),
                    OnCompensated = Kept<PaymentRefunded>(
                        "Payments cancelled or refunded the payment.",
                        (order, reply) => order.Refund(reply.Amount, reply.RefundedAt),
                        Refunded
                    ),
                    OnUndoneUnasked = Cancellation.PaymentRefunded,
                },
                new SagaStep(StepName.Confirm)
                {
                    Does = "Confirmed the order and asked Inventory to commit the stock.",
                    When = "after it had been confirmed",
                    Command = Send(order => new CommitStock(order.Id)),
                    OnSuccess = Reply<StockCommitted>("Inventory committed the stock."),
                    Completes = true,
                },
            ],
            Shipping = new OperatorStep<Shipment>(
                StepName.Ship,
                "after it had been confirmed and before it was shipped",
                (order, shipment, now) => order.Ship(shipment, now),
                order => $"An operator shipped the order{Parcel(order)}.",
                Send(OrderEvents.Shipped)
            ),
            Delivery = new OperatorStep<NoInput>(
                StepName.Deliver,
                "after it had been shipped",
                (order, _, now) => order.Deliver(now),
                _ => "An operator noted that the order was delivered.",
                Send(OrderEvents.Delivered)
            ),
            OnCompleted = Send(OrderEvents.Confirmed),
            OnCancelled = Send(OrderEvents.Cancelled),
        };

    private static string Parcel(Order order) =>
        (order.Carrier is { } carrier ? $" with {carrier}" : "")
        + (order.TrackingNumber is { } number ? $", tracking number {number}" : "");

    private static string Refunded(Order order) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Payments refunded {order.RefundedAmount:0.00} {order.Currency} to the customer."
        );

    private static StockLine[] Lines(Order order) =>
        [.. order.Items.Select(item => new StockLine(item.ProductId, item.Quantity))];

    private static Shortage[] Shortages(StockReservationFailed reply) =>
        [.. (reply.Shortages ?? []).Select(line => new Shortage(line.ProductId, line.Requested, line.Available))];
}
