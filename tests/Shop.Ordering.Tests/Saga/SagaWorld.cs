using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Domain;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Saga;

internal enum Stock
{
    Untouched,
    Refused,
    Reserved,
    Expired,
    Committed,
    Released,
}

internal enum Money
{
    Untouched,
    Declined,
    Pending,
    Paid,
    Refunded,
}

/// <summary>
/// The saga between a model of Inventory, a model of Payments, a customer who may cancel, an operator who ships, and a bus
/// that delivers in any order and more than once. What happens next is a choice by name; the explorer takes every one of them.
/// </summary>
internal sealed class SagaWorld : ISagaOutbox
{
    /// <summary>
    /// Whether Inventory and Payments remember a release or refund that overtakes what it undoes. If they do not, the saga
    /// has to undo the late success itself.
    /// </summary>
    private readonly bool _remember;
    private readonly SagaEngine _engine;
    private readonly List<object> _inFlight = [];
    private int _duplicates;
    private bool _mayCancel = true;

    public SagaWorld(bool remember, int duplicates)
    {
        _remember = remember;
        _duplicates = duplicates;
        var time = new FakeTimeProvider(OrderBuilder.Now);
        _engine = new SagaEngine(OrderSaga.Definition, Options.Create(new SagaOptions()), time, this);
        Order = new OrderBuilder().Build();
        Saga = _engine.Start(Order);
    }

    public Order Order { get; }
    public SagaInstance Saga { get; }
    public Stock Stock { get; private set; }
    public Money Money { get; private set; }
    public int Confirmations { get; private set; }
    public int Cancellations { get; private set; }
    public int Shipments { get; private set; }
    public int Deliveries { get; private set; }

    /// <summary>Two worlds of the same fingerprint have the same future.</summary>
    public string Fingerprint =>
        string.Join(
            '|',
            Order.Status,
            Saga.Status,
            Saga.Step,
            Stock,
            Money,
            Confirmations,
            Cancellations,
            Shipments,
            Deliveries,
            Order.RefundedAmount,
            _duplicates,
            _mayCancel,
            string.Join(',', _inFlight.Select(Name).Order(StringComparer.Ordinal))
        );

    public IEnumerable<string> Choices()
    {
        foreach (var name in _inFlight.Select(Name).Distinct())
        {
            foreach (var outcome in Outcomes(name))
            {
                yield return $"deliver {name}{outcome}";
                if (_duplicates > 0)
                {
                    yield return $"duplicate {name}{outcome}";
                }
            }
        }

        if (Stock == Stock.Reserved)
        {
            yield return "expire";
        }

        if (Money == Money.Pending)
        {
            yield return "pay late";
        }

        if (Saga.IsCompletedAt(StepName.Ship))
        {
            yield return "ship";
        }

        if (Order.Status == OrderStatus.Shipped)
        {
            yield return "deliver";
        }

        // What Payments allows: it has heard that the goods have left.
        if (Shipments > 0 && Money == Money.Paid)
        {
            yield return "refund";
        }

        if (_mayCancel && Order.Status is not (OrderStatus.Shipped or OrderStatus.Delivered))
        {
            yield return "cancel";
        }
    }

    public void Take(string choice)
    {
        switch (choice.Split(' '))
        {
            case ["pay", "late"]:
                Pay();
                break;
            case ["expire"]:
                Stock = Stock.Expired;
                break;
            case ["cancel"]:
                _mayCancel = false;
                _engine.CancelByRequest(Saga, Cancellation.ByCustomer);
                break;
            case ["ship"]:
                Assert.Equal((Stock.Committed, Money.Paid), (Stock, Money));
                _engine.Ship(Saga, new Shipment("DHL", null));
                break;
            case ["refund"]:
                Refund();
                break;
            case ["deliver"]:
                _engine.Deliver(Saga);
                break;
            case [var how, var name, .. var outcome]:
                var message = _inFlight.First(message => Name(message) == name);
                if (how == "deliver")
                {
                    _inFlight.Remove(message);
                }
                else
                {
                    _duplicates--;
                }

                Deliver(message, outcome is [var only] ? only : "");
                break;
        }
    }

    public void Send<TMessage>(TMessage message, Guid orderId, DateTimeOffset? deliverAt = null)
    {
        Assert.Equal(message is StepDeadline, deliverAt is not null);
        switch (message)
        {
            case OrderCreated:
                break;
            case OrderConfirmed:
                Confirmations++;
                break;
            case OrderCancelled:
                Cancellations++;
                break;
            case OrderShipped:
                Shipments++;
                break;
            case OrderDelivered:
                Deliveries++;
                break;
            default:
                _inFlight.Add(message!);
                break;
        }
    }

    private static string Name(object message) =>
        message is StepDeadline deadline ? $"Deadline:{deadline.Step}" : message.GetType().Name;

    private string[] Outcomes(string name) =>
        name switch
        {
            nameof(ReserveStock) when Stock == Stock.Untouched => [" enough", " short"],
            nameof(CommitStock) when Stock == Stock.Expired => [" enough", " short"],
            nameof(ProcessPayment) when Money == Money.Untouched => [" paid", " declined", " silent"],
            _ => [""],
        };

    private void Deliver(object message, string outcome)
    {
        switch (message)
        {
            case ISagaReply reply:
                _engine.Handle(Saga, reply);
                break;
            case StepDeadline deadline:
                _engine.HandleDeadline(Saga, Enum.Parse<StepName>(deadline.Step));
                break;
            case ReserveStock:
                Reserve(outcome);
                break;
            case CommitStock:
                Commit(outcome);
                break;
            case ReleaseStock:
                Release();
                break;
            case ProcessPayment:
                Process(outcome);
                break;
            case RefundPayment:
                Refund();
                break;
        }
    }

    private void Reserve(string outcome)
    {
        Stock = outcome switch
        {
            "enough" => Stock.Reserved,
            "short" => Stock.Refused,
            _ => Stock,
        };
        if (Stock is Stock.Reserved or Stock.Committed)
        {
            _inFlight.Add(new StockReserved(Order.Id));
        }
        else if (Stock == Stock.Refused)
        {
            _inFlight.Add(new StockReservationFailed(Order.Id, []));
        }
    }

    private void Commit(string outcome)
    {
        if (outcome == "short")
        {
            Stock = Stock.Refused;
            _inFlight.Add(new StockReservationFailed(Order.Id, []));
        }
        else if (Stock is Stock.Reserved or Stock.Committed or Stock.Expired)
        {
            Stock = Stock.Committed;
            _inFlight.Add(new StockCommitted(Order.Id));
        }
    }

    private void Release()
    {
        if (Stock is Stock.Reserved or Stock.Committed)
        {
            _inFlight.Add(new StockReleased(Order.Id));
            Stock = Stock.Released;
        }
        else if (Stock == Stock.Expired || (_remember && Stock == Stock.Untouched))
        {
            Stock = Stock.Released;
        }
    }

    private void Process(string outcome)
    {
        switch (outcome)
        {
            case "paid":
                Pay();
                break;
            case "declined":
                Money = Money.Declined;
                _inFlight.Add(new PaymentFailed(Order.Id));
                break;
            case "silent":
                Money = Money.Pending;
                break;
            default:
                if (Money == Money.Paid)
                {
                    _inFlight.Add(new PaymentSucceeded(Order.Id));
                }

                break;
        }
    }

    private void Pay()
    {
        Money = Money.Paid;
        _inFlight.Add(new PaymentSucceeded(Order.Id));
    }

    private void Refund()
    {
        if (Money == Money.Paid)
        {
            _inFlight.Add(new PaymentRefunded(Order.Id, Order.Total, OrderBuilder.Now));
            Money = Money.Refunded;
        }
        else if (Money == Money.Pending || (_remember && Money == Money.Untouched))
        {
            Money = Money.Refunded;
        }
    }
}
