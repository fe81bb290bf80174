using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Shop.Inventory.Domain;
using Shop.Messaging;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// Ordering, Inventory and Payments with a bus, a payment provider, customers and operators. One step happens after the other;
/// which one is a choice. A process may crash between any two steps, and a step is what happens between two awaits.
/// </summary>
internal sealed class SimulatedShop
{
    /// <summary>The product's own limits.</summary>
    public static readonly MessagingSettings Settings = new();

    private const int MaxSteps = 1_000;
    private const int MaxBatch = 3;

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] PaymentMethods =
    [
        "pm_card_visa",
        "pm_card_chargeDeclined",
        "pm_card_timeout",
        "pm_card_answerLost",
        "pm_card_failsThenSucceeds",
        "not a token",
    ];

    private static readonly int[] Units = [9, 1, 2, 0];

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(50),
        TimeSpan.FromMinutes(31),
    ];

    private static readonly int Faults = Enum.GetValues<Fault>().Length;

    private readonly HashSet<Kind> _kinds = [];
    private readonly HashSet<Fault> _faults = [];
    private readonly Choices _choices;
    private readonly Action<string>? _tell;
    private readonly SimulatedClock _time = new(Start);
    private readonly ProviderBooks _provider;
    private readonly OrderingNode _ordering;
    private readonly InventoryNode _inventory;
    private readonly PaymentsNode _payments;
    private readonly Node[] _nodes;
    private readonly List<Plan> _plans = [];
    private readonly Rules _rules;
    private readonly List<(Kind Kind, Node? Node, int Index)> _steps = [];

    public SimulatedShop(Choices choices, Flaw flaw, Action<string>? tell)
    {
        _choices = choices;
        _tell = tell;
        var modules = Modules.OfThread;
        _provider = new ProviderBooks(flaw);
        _ordering = new OrderingNode(modules.Ordering, _time, flaw);
        _inventory = new InventoryNode(modules.Inventory, _time, flaw, Stock());
        _payments = new PaymentsNode(modules.Payments, _time, flaw, _provider);
        _nodes = [_ordering, _inventory, _payments];
        var orders = 1 + choices.Next(3);
        for (var i = 0; i < orders; i++)
        {
            _plans.Add(PlanOrder(i));
        }
        _rules = new Rules(_plans, _ordering, _inventory, _payments, _provider);
    }

    /// <summary>What kinds of things have happened, and how the orders have ended.</summary>
    public IEnumerable<string> Seen =>
        _kinds
            .Select(kind => kind.ToString())
            .Concat(_faults.Select(fault => fault.ToString()))
            .Concat(_plans.SelectMany(plan => EndsOf(_ordering.Saga(plan.Id)!.Order)));

    /// <summary>How many steps were taken.</summary>
    public int Steps { get; private set; }

    private DateTimeOffset Now => _time.Now;

    /// <summary>Goes on until everything has come to rest; the rules hold after every step and at the end.</summary>
    public void Run()
    {
        while (FindSteps())
        {
            if (++Steps > MaxSteps)
            {
                throw new Violation("everything comes to rest", $"There is no end after {MaxSteps} steps.");
            }
            var next = _choices.NextStep(_steps.Count, Faults);
            if (next < _steps.Count)
            {
                Take(_steps[next]);
            }
            else
            {
                Take((Fault)(next - _steps.Count));
            }
            _rules.Check();
        }
        _rules.CheckEnd();
    }

    private static IEnumerable<string> EndsOf(Order order)
    {
        yield return order.CancellationReason?.ToString() ?? order.Status.ToString();
        if (order is { HasLeft: true, RefundedAt: not null })
        {
            yield return "RefundedAfterShipping";
        }
        if (
            order is
            { Status: OrderStatus.Cancelled, ConfirmedAt: not null, CancellationReason: CancellationReason.OutOfStock }
        )
        {
            yield return "StockGoneAfterConfirmation";
        }
    }

    private static Guid Id(int kind, int number) => new(kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)number);

    private StockLevel[] Stock() => [Level(1), Level(2)];

    // Dull: enough for everybody.
    private StockLevel Level(int product) => new(Id(1, product), Units[_choices.Next(Units.Length)], Reserved: 0);

    private Plan PlanOrder(int number)
    {
        var items = new List<OrderItem> { new(1, Id(1, 1), "Lamp", 10m, 1 + _choices.Next(2)) };
        if (_choices.Next(3) == 1)
        {
            items.Add(new OrderItem(2, Id(1, 2), "Chair", 20m, 1));
        }
        Region.TryFind("US-OR", out var region);
        var order = Order.Place(
            Id(2, number + 1),
            Id(3, number + 1),
            items,
            "USD",
            new ShippingAddress("Ada", "1 Main St", "Salem", "97301", "US-OR", "US"),
            region!,
            PaymentMethods[Math.Max(0, _choices.Next(PaymentMethods.Length + 4) - 4)],
            Start
        );
        return new Plan(order.Id, $"order {number + 1}", order)
        {
            // At once, or when reservations that were forgotten have just expired.
            From = Start + (_choices.Next(2) == 1 ? TimeSpan.FromMinutes(30.5) : TimeSpan.Zero),
            Cancel = new Wish(_choices.Next(2)),
            Ship = new Wish(_choices.Next(2)),
            Deliver = new Wish(_choices.Next(2)),
            RefundEarly = new Wish(_choices.Next(2)),
            Refund = new Wish(_choices.Next(2)),
        };
    }

    // What can happen now; false when nothing can, now or later.
    private bool FindSteps()
    {
        _steps.Clear();
        foreach (var node in _nodes)
        {
            Add(Kind.Settle, node, node.Unsettled.Count);
            Add(Kind.Commit, node, node.Open.Count);
            Add(Kind.EndRound, node, node.Round is null ? 0 : 1);
        }
        foreach (var (i, attempt) in _payments.Attempts.Index())
        {
            if (!attempt.IsAsked)
            {
                _steps.Add((Kind.Ask, _payments, i));
            }
            else if (attempt.KnownAt <= Now && !_payments.IsLocked(attempt.Payment.OrderId))
            {
                _steps.Add((Kind.Conclude, _payments, i));
            }
        }
        foreach (var node in _nodes)
        {
            Add(Kind.Receive, node, node.Queue.Exists(message => CanReceive(node, message)) ? 1 : 0);
            Add(Kind.Relay, node, node.Round is null && node.Outbox.Count > 0 ? 1 : 0);
        }
        Add(Kind.Claim, _payments, _payments.IsAnyDue ? 1 : 0);
        Add(Kind.Expire, _inventory, _inventory.Open.Count == 0 && _inventory.Expired is not null ? 1 : 0);
        Add(Kind.AskLate, _payments, _payments.Late.Count);
        foreach (var (i, plan) in _plans.Index())
        {
            FindSteps(i, plan);
        }
        foreach (var node in _nodes)
        {
            Add(Kind.Redrive, node, node.DeadLetters.Count > 0 ? 1 : 0);
        }
        if (_steps.Count == 0 && NextTime() is not null)
        {
            _steps.Add((Kind.Wait, null, 0));
        }
        return _steps.Count > 0;
    }

    private void FindSteps(int i, Plan plan)
    {
        if (plan.Place.IsOpen && plan.From <= Now)
        {
            _steps.Add((Kind.Place, _ordering, i));
        }
        if (_ordering.Saga(plan.Id) is not { } saga)
        {
            return;
        }
        if (plan.Cancel.IsOpen)
        {
            _steps.Add((Kind.Cancel, _ordering, i));
        }
        if (plan.Ship.IsOpen && saga.IsCompletedAt(StepName.Ship))
        {
            _steps.Add((Kind.Ship, _ordering, i));
        }
        if (plan.Deliver.IsOpen && saga.Order.Status == OrderStatus.Shipped)
        {
            _steps.Add((Kind.Deliver, _ordering, i));
        }
        if (_payments.Find<Payments.Domain.Payment>(plan.Id) is { } payment && !_payments.IsLocked(plan.Id))
        {
            if (plan.RefundEarly.IsOpen)
            {
                _steps.Add((Kind.RefundEarly, _payments, i));
            }
            if (plan.Refund.IsOpen && payment.CanBeRefundedByOperator)
            {
                _steps.Add((Kind.Refund, _payments, i));
            }
        }
    }

    private void Add(Kind kind, Node node, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _steps.Add((kind, node, i));
        }
    }

    private bool CanReceive(Node node, QueuedMessage message) =>
        !message.IsHeld && message.VisibleAt <= Now && !node.IsLocked(message);

    private void Take((Kind Kind, Node? Node, int Index) step)
    {
        _kinds.Add(step.Kind);
        var node = step.Node!;
        switch (step.Kind)
        {
            case Kind.Settle:
                var settled = node.Unsettled[step.Index];
                node.Unsettled.RemoveAt(step.Index);
                node.Queue.Remove(settled);
                Tell(node, $"tells the bus that {settled.Name} is handled");
                break;
            case Kind.Commit:
                var transaction = node.Open[step.Index];
                var isFirst = node.Commit(transaction);
                if (isFirst)
                {
                    Tell(node, $"commits: {transaction.Text}{Sends(transaction.Messages)}");
                }
                else
                {
                    Tell(node, $"was not the first and begins again: {transaction.Text}");
                }
                _rules.Committed(transaction);
                break;
            case Kind.EndRound:
                node.Outbox.RemoveAll(node.Round!.Contains);
                node.Round = null;
                Tell(node, $"deletes what its relay has sent");
                break;
            case Kind.Conclude:
                var conclusion = _payments.Conclude(_payments.Attempts[step.Index]);
                Tell(node, $"begins: {conclusion.Text}");
                break;
            case Kind.Ask:
                Ask(_payments.Attempts[step.Index]);
                break;
            case Kind.Receive:
                Receive(node);
                break;
            case Kind.Relay:
                Relay(node);
                break;
            case Kind.Claim:
                _payments.Claim();
                Tell(node, $"claims the payments that are due");
                break;
            case Kind.Expire:
                _inventory.Expire(_inventory.Expired!.Id);
                Tell(node, $"begins: expire a reservation");
                break;
            case Kind.AskLate:
                _payments.AskLate(_payments.Late[step.Index]);
                Tell(null, $"the provider gets a request that was given up");
                break;
            case Kind.Redrive:
                node.DeadLetters.ForEach(message => (message.Deliveries, message.VisibleAt) = (0, Now));
                node.Queue.AddRange(node.DeadLetters);
                node.DeadLetters.Clear();
                Tell(null, $"an operator has the dead letters of {node.Messaging.Name} delivered again");
                break;
            case Kind.Wait:
                Wait();
                break;
            default:
                var wish = TakeWish(step.Kind, _plans[step.Index]);
                Tell(node, $"begins: {wish.Text}");
                break;
        }
    }

    private Transaction TakeWish(Kind kind, Plan plan) =>
        kind switch
        {
            Kind.Place => _ordering.Place(plan),
            Kind.Cancel => _ordering.Cancel(plan),
            Kind.Ship => _ordering.Ship(plan),
            Kind.Deliver => _ordering.Deliver(plan),
            Kind.RefundEarly => _payments.Refund(plan, plan.RefundEarly),
            Kind.Refund => _payments.Refund(plan, plan.Refund),
            _ => throw new InvalidOperationException($"{kind} is nobody's wish."),
        };

    private void Receive(Node node)
    {
        var visible = node.Queue.FindAll(message => CanReceive(node, message));
        var first = _choices.Next(visible.Count);
        var count = 1 + _choices.Next(Math.Min(MaxBatch, visible.Count - first));
        var batch = visible.GetRange(first, count).DistinctBy(message => message.Message.Id).ToList();
        var handling = node.Begin(batch);
        Tell(node, $"begins: {handling.Text}");
    }

    private void Relay(Node node)
    {
        node.Round = [.. node.Outbox.OrderBy(message => message.Id).Take(Settings.OutboxBatch)];
        foreach (var message in node.Round)
        {
            foreach (var receiver in _nodes)
            {
                // A command goes to the queue of its name, an event to everybody who handles it.
                var isTo =
                    message.Destination == receiver.Messaging.Name
                    || message.Destination == MessagingContext.TopicOf(node.Messaging.Name);
                if (isTo && receiver.Takes(message.Type))
                {
                    receiver.Queue.Add(new QueuedMessage(message, message.DeliverAt ?? Now));
                }
            }
        }
        Tell(node, $"relays its outbox{Sends(node.Round)}");
    }

    private void Ask(Attempt attempt)
    {
        switch (_choices.Next(16))
        {
            case 1:
                _payments.AskInVain(attempt, isLate: false);
                Tell(_payments, $"asks the provider ({attempt.Payment.NextStep}), and the answer is lost");
                break;
            case 2:
                _payments.AskInVain(attempt, isLate: true);
                Tell(_payments, $"asks the provider ({attempt.Payment.NextStep}), and the request is late");
                break;
            default:
                _payments.Ask(attempt);
                Tell(
                    _payments,
                    $"asks the provider ({attempt.Payment.NextStep}): {attempt.Answer?.Name ?? "no answer"}"
                );
                break;
        }
    }

    private void Take(Fault fault)
    {
        _faults.Add(fault);
        if (fault <= Fault.CrashPayments)
        {
            var node = _nodes[(int)fault];
            Tell(node, $"CRASHES");
            node.Crash();
            return;
        }
        if (fault == Fault.Pause)
        {
            Wait();
            return;
        }
        var messages = _nodes
            .SelectMany(node =>
                node.Queue.Where(message => !message.IsHeld && message.VisibleAt <= Now)
                    .Select(message => (node, message))
            )
            .ToList();
        if (messages.Count == 0)
        {
            return;
        }
        var (receiver, one) = messages[_choices.Next(messages.Count)];
        switch (fault)
        {
            case Fault.Duplicate:
                receiver.Queue.Add(new QueuedMessage(one.Message, one.VisibleAt));
                Tell(null, $"THE BUS DUPLICATES {one.Name} to {receiver.Messaging.Name}");
                break;
            case Fault.LoseDelivery:
                // Once, or so often that it becomes a dead letter.
                one.Deliveries += _choices.Next(4) == 3 ? Settings.MaxDeliveryCount : 1;
                receiver.LoseDelivery(one);
                Tell(null, $"THE BUS LOSES A DELIVERY of {one.Name} to {receiver.Messaging.Name}");
                break;
            case Fault.Delay:
                var delay = Delays[_choices.Next(Delays.Length)];
                one.VisibleAt = Now + delay;
                Tell(null, $"THE BUS DELAYS {one.Name} to {receiver.Messaging.Name} by {delay}");
                break;
        }
    }

    private void Wait()
    {
        if (NextTime() is { } next)
        {
            _time.Now = next;
            Tell(null, $"time passes");
        }
    }

    // When something comes due that is not due yet.
    private DateTimeOffset? NextTime()
    {
        DateTimeOffset? next = null;
        foreach (var node in _nodes)
        {
            foreach (var message in node.Queue)
            {
                if (!message.IsHeld)
                {
                    Consider(message.VisibleAt);
                }
            }
        }
        foreach (var plan in _plans)
        {
            Consider(plan.From);
        }
        foreach (var payment in _payments.Payments)
        {
            Consider(payment.NextAttemptAt);
        }
        foreach (var attempt in _payments.Attempts)
        {
            Consider(attempt.KnownAt);
        }
        foreach (var reservation in _inventory.Reservations)
        {
            Consider(reservation.ExpiresAt);
        }
        return next;

        void Consider(DateTimeOffset? at)
        {
            if (at > Now && (next is null || at < next))
            {
                next = at;
            }
        }
    }

    private static string Sends(List<OutboxMessage> messages) =>
        messages.Count == 0 ? "" : " → " + string.Join(", ", messages.Select(message => message.Type.Split('.')[2]));

    private void Tell(Node? node, [InterpolatedStringHandlerArgument("")] Line line) =>
        _tell?.Invoke(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Now - Start:hh\\:mm\\:ss\\.fff} {(node is null ? "" : node.Messaging.Name + " ")}{line}"
            )
        );

    /// <summary>A line of the story, put together only when somebody listens.</summary>
    [InterpolatedStringHandler]
    private readonly struct Line
    {
        private readonly StringBuilder? _text;

        public Line(int literalLength, int formattedCount, SimulatedShop shop, out bool isWanted)
        {
            isWanted = shop._tell is not null;
            _text = isWanted ? new StringBuilder(literalLength) : null;
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(CultureInfo.InvariantCulture, $"{value}");

        public override string ToString() => _text?.ToString() ?? "";
    }
}
