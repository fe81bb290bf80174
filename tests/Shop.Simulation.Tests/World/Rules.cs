using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Shop.Inventory.Domain;
using Shop.Messaging;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.Payments.Domain;
using Shop.Payments.Provider;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>What must hold after every step, and when everything has come to rest.</summary>
internal sealed class Rules(
    IReadOnlyList<Plan> plans,
    OrderingNode ordering,
    InventoryNode inventory,
    PaymentsNode payments,
    ProviderBooks provider
)
{
    private static readonly HashSet<(OrderStatus, OrderStatus)> Moves =
    [
        (OrderStatus.Pending, OrderStatus.Confirmed),
        (OrderStatus.Pending, OrderStatus.Cancelled),
        (OrderStatus.Confirmed, OrderStatus.Shipped),
        (OrderStatus.Confirmed, OrderStatus.Cancelled),
        (OrderStatus.Shipped, OrderStatus.Delivered),
    ];

    private static readonly string[] Once =
    [
        "shop.ordering.order-created.v1",
        "shop.ordering.order-confirmed.v1",
        "shop.ordering.order-cancelled.v1",
        "shop.ordering.order-shipped.v1",
        "shop.ordering.order-delivered.v1",
    ];

    private readonly Dictionary<Guid, (OrderStatus Order, SagaStatus Saga)> _before = [];
    private readonly HashSet<(Guid, string)> _told = [];

    /// <summary>A transaction has been committed, or has failed.</summary>
    public void Committed(Transaction transaction)
    {
        if (ordering.Outbox.Count == 0)
        {
            return;
        }
        foreach (var message in transaction.Messages.Where(message => Once.Contains(message.Type)))
        {
            if (ordering.Outbox.Contains(message) && !_told.Add((Guid.Parse(message.CorrelationId), message.Type)))
            {
                throw new Violation("an event is told once", $"{message.Type} was told twice.");
            }
            if (message.Type == "shop.ordering.order-confirmed.v1")
            {
                CheckLines(message);
            }
        }
    }

    // Not every handler loads the lines; this event needs them.
    private void CheckLines(OutboxMessage message)
    {
        using var body = JsonDocument.Parse(message.Body);
        var plan = plans.First(plan => plan.Key == message.CorrelationId);
        Must(
            body.RootElement.GetProperty("items").GetArrayLength() == plan.Order.Items.Count,
            "a confirmation has all lines",
            $"{message.Body}"
        );
    }

    /// <summary>After every step.</summary>
    public void Check()
    {
        foreach (var plan in plans)
        {
            if (ordering.Saga(plan.Id) is { } saga)
            {
                CheckMove(plan, saga);
                CheckMoney(plan, saga.Order);
            }
        }
        CheckStock();
    }

    /// <summary>When nothing can happen any more.</summary>
    public void CheckEnd()
    {
        foreach (var node in new Node[] { ordering, inventory, payments })
        {
            Must(node.Outbox.Count == 0, "outboxes are empty at the end", $"{node.Messaging.Name}");
            Must(node.Queue.Count == 0, "queues are empty at the end", $"{node.Messaging.Name}");
        }
        foreach (var plan in plans)
        {
            CheckEnd(plan, ordering.Saga(plan.Id)!);
        }
    }

    private void CheckMove(Plan plan, SagaInstance saga)
    {
        var now = (saga.Order.Status, saga.Status);
        if (_before.TryGetValue(plan.Id, out var before) && before == now)
        {
            return;
        }
        _before[plan.Id] = now;
        Must(
            before == default || before.Order == now.Item1 || Moves.Contains((before.Order, now.Item1)),
            "an order moves along its table",
            $"{plan.Name} went from {before.Order} to {now.Item1}."
        );
        Must(
            before.Saga == SagaStatus.Running
                || (before.Saga, now.Item2) is (SagaStatus.Completed, SagaStatus.Completed or SagaStatus.Cancelled),
            "a saga that ended stays ended",
            $"{plan.Name} went from {before.Saga} to {now.Item2}."
        );
        if (now.Item1 == OrderStatus.Cancelled)
        {
            CheckDeadline(plan, saga);
        }
        if (now.Item1 == OrderStatus.Shipped)
        {
            Must(
                Kept(plan) == saga.Order.Total && Reservation(plan)?.Status == ReservationStatus.Committed,
                "what is shipped is paid and out of the stock",
                $"{plan.Name}: paid {Kept(plan)}, stock {Reservation(plan)?.Status}."
            );
        }
    }

    // A deadline ends the step that it is for, and no other.
    private static void CheckDeadline(Plan plan, SagaInstance saga)
    {
        StepName? late = saga.Order.CancellationReason switch
        {
            CancellationReason.StockTimedOut => StepName.ReserveStock,
            CancellationReason.PaymentTimedOut => StepName.ProcessPayment,
            _ => null,
        };
        Must(
            late is null || late == saga.Step,
            "a deadline ends its own step",
            $"{plan.Name} was cancelled as {saga.Order.CancellationReason} at {saga.Step}."
        );
    }

    private void CheckMoney(Plan plan, Order order)
    {
        Must(Charges(plan) <= 1, "an order is charged once", $"{plan.Name} was charged {Charges(plan)} times.");
        var kept = Kept(plan);
        Must(kept >= 0, "a charge is refunded once", $"{plan.Name}: {kept} is left of its charge.");
        Must(
            order.Status != OrderStatus.Cancelled || kept == 0 || IsRefundUnderWay(plan),
            "a cancelled order's money is on its way back",
            $"{plan.Name} is cancelled and charged, and no refund is under way."
        );
    }

    // The books of the stock against the reservations.
    private void CheckStock()
    {
        foreach (var level in inventory.Levels)
        {
            var initial = inventory.Initial[level.ProductId].Available;
            int reserved = 0,
                sold = 0;
            foreach (var reservation in inventory.Reservations)
            {
                if (reservation.Status is ReservationStatus.Reserved or ReservationStatus.Committed)
                {
                    var quantity = 0;
                    foreach (var item in reservation.Items)
                    {
                        quantity += item.ProductId == level.ProductId ? item.Quantity : 0;
                    }
                    (reserved, sold) =
                        reservation.Status == ReservationStatus.Reserved
                            ? (reserved + quantity, sold)
                            : (reserved, sold + quantity);
                }
            }
            Must(level is { Available: >= 0, Reserved: >= 0 }, "stock is never negative", $"{level}");
            Must(
                level.Reserved == reserved && level.Available + reserved + sold == initial,
                "reserved, available and sold add up to what there was",
                $"{level}, reserved {reserved}, sold {sold}, at first {initial}."
            );
        }
    }

    private void CheckEnd(Plan plan, SagaInstance saga)
    {
        var order = saga.Order;
        var payment = payments.Find<Payment>(plan.Id);
        var stock = Reservation(plan)?.Status;
        var kept = Kept(plan);
        Must(payment?.NextStep is null, "payments are final", $"{plan.Name}: {payment?.NextStep} is still due.");
        if (order.Status == OrderStatus.Cancelled)
        {
            // Released, not left to expire.
            Must(
                kept == 0 && stock is (ReservationStatus.Released or ReservationStatus.Rejected),
                "a cancelled order keeps neither money nor stock",
                $"{plan.Name} at the end: paid {kept}, stock {stock}."
            );
        }
        else
        {
            Must(
                saga.IsCompletedAt(StepName.Ship) || saga.IsCompletedAt(StepName.Deliver),
                "every order is final",
                $"{plan.Name} at the end: {order.Status}, {saga.Status} at {saga.Step}."
            );
            Must(
                stock == ReservationStatus.Committed,
                "what stands has its stock",
                $"{plan.Name} is {order.Status} and its stock is {stock}."
            );
            Must(
                kept == (order.RefundedAt is null ? order.Total : 0) && (order.RefundedAt is null || order.HasLeft),
                "what stands is paid unless it was refunded after the shipping",
                $"{plan.Name} is {order.Status}: paid {kept} of {order.Total}, refunded {order.RefundedAmount}."
            );
        }
        Must(
            (order.RefundedAmount ?? 0) == Refunded(plan),
            "the order shows what was refunded",
            $"{plan.Name} shows {order.RefundedAmount}, the provider gave back {Refunded(plan)}."
        );
    }

    private bool IsRefundUnderWay(Plan plan)
    {
        // Payments is at it; or Payments is about to be asked, or the saga to learn that the charge has come late.
        var payment = payments.Find<Payment>(plan.Id);
        return payment?.NextStep is not null
            || IsOnItsWay(plan, "shop.payments.refund-payment.v1")
            || IsOnItsWay(plan, "shop.payments.payment-succeeded.v1");
    }

    private bool IsOnItsWay(Plan plan, string type) =>
        new Node[] { ordering, payments }.Any(node =>
            node.Outbox.Exists(message => message.Type == type && message.CorrelationId == plan.Key)
            || node.Queue.Concat(node.DeadLetters)
                .Any(message => message.Message.Type == type && message.Order == plan.Id)
        );

    private int Charges(Plan plan)
    {
        var count = 0;
        foreach (var charge in provider.Charges)
        {
            count += charge.Order == plan.Id && charge.Status == ChargeStatus.Succeeded ? 1 : 0;
        }
        return count;
    }

    private decimal Kept(Plan plan)
    {
        var kept = 0m;
        foreach (var charge in provider.Charges)
        {
            kept += charge.Order == plan.Id ? charge.Kept : 0;
        }
        return kept;
    }

    private decimal Refunded(Plan plan) =>
        provider.Charges.Where(charge => charge.Order == plan.Id).Sum(charge => charge.Refunded);

    private Reservation? Reservation(Plan plan) => inventory.Find<Reservation>(plan.Id);

    private static void Must(bool holds, string rule, [InterpolatedStringHandlerArgument(nameof(holds))] Complaint what)
    {
        if (!holds)
        {
            throw new Violation(rule, what.ToString());
        }
    }

    /// <summary>What is wrong, put together only when something is.</summary>
    [InterpolatedStringHandler]
    private readonly struct Complaint
    {
        private readonly StringBuilder? _text;

        public Complaint(int literalLength, int formattedCount, bool holds, out bool isWanted)
        {
            isWanted = !holds;
            _text = isWanted ? new StringBuilder(literalLength) : null;
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(CultureInfo.InvariantCulture, $"{value}");

        public override string ToString() => _text?.ToString() ?? "";
    }
}
