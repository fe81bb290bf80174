using Shop.Messaging;
using Shop.Payments;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Payments;
using Shop.Payments.Processing;
using Shop.Payments.Provider;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>An attempt that runs in the process: the payment as it was claimed, and what came of it.</summary>
internal sealed class Attempt(Payment payment)
{
    public Payment Payment { get; } = payment;
    public bool IsAsked { get; set; }
    public ProviderAnswer? Answer { get; set; }

    /// <summary>When the process knows: at once, or when it has waited for an answer long enough.</summary>
    public DateTimeOffset KnownAt { get; set; }
}

/// <summary>
/// Payments: the real payments, replies and questions to the provider. Whoever decides about a payment holds the lock of its
/// row, as in the product.
/// </summary>
internal sealed class PaymentsNode : Node
{
    private static readonly PaymentsOptions Options = new();

    private readonly Outbox<PaymentsDbContext> _outbox;
    private readonly ProviderBooks _provider;

    public PaymentsNode(Module<PaymentsDbContext> module, SimulatedClock time, Flaw flaw, ProviderBooks provider)
        : base(module.Messaging, module.Buffer, time, flaw)
    {
        _outbox = new Outbox<PaymentsDbContext>(module.Buffer, module.Messaging, time);
        _provider = provider;
    }

    /// <summary>Attempts that the process has running.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>Requests that the provider has not seen yet although nobody waits for them any more.</summary>
    public List<Payment> Late { get; } = [];

    /// <summary>The payments as they are committed.</summary>
    public IEnumerable<Payment> Payments => Table.Select(row => (Payment)row.Value);

    /// <summary>Whether anything can be claimed.</summary>
    public bool IsAnyDue => Table.Exists(row => IsDue((Payment)row.Value));

    public override void Crash()
    {
        base.Crash();
        Attempts.Clear();
    }

    /// <summary>What <see cref="PaymentClaims"/>'s statement does.</summary>
    public void Claim()
    {
        foreach (var row in Table)
        {
            var payment = (Payment)row.Value;
            if (IsDue(payment))
            {
                var claimed = Copies.Of(payment);
                Copies.NextAttemptAtOf(claimed) = Now + Options.Lease;
                Copies.AttemptsOf(claimed)++;
                row.Value = claimed;
                row.Version++;
                Attempts.Add(new Attempt(Copies.Of(claimed)));
            }
        }
    }

    /// <summary>The provider gets the request, and its answer comes.</summary>
    public void Ask(Attempt attempt)
    {
        attempt.IsAsked = true;
        attempt.KnownAt = Now;
        _provider.Order = attempt.Payment.OrderId;
        try
        {
            attempt.Answer = _provider
                .AskAsync(attempt.Payment, () => RefundOf(attempt.Payment), CancellationToken.None)
                .GetAwaiter()
                .GetResult();
        }
        catch (PaymentProviderException)
        {
            attempt.KnownAt = Now + Options.ProviderTimeout;
        }
    }

    /// <summary>The answer gets lost: nobody knows whether the provider has acted.</summary>
    public void AskInVain(Attempt attempt, bool isLate)
    {
        if (isLate)
        {
            Late.Add(attempt.Payment);
            attempt.IsAsked = true;
        }
        else
        {
            Ask(attempt);
            attempt.Answer = null;
        }
        attempt.KnownAt = Now + Options.ProviderTimeout;
    }

    /// <summary>A request that was given up arrives at the provider after all.</summary>
    public void AskLate(Payment payment)
    {
        Late.Remove(payment);
        Ask(new Attempt(payment));
    }

    /// <summary>What <see cref="PaymentOutcomes"/> does with the answer, or without one.</summary>
    public Transaction Conclude(Attempt attempt)
    {
        Attempts.Remove(attempt);
        return Begin(
            attempt.Answer is { } said ? $"store that the provider said {said.Name}" : "put off what was not answered",
            transaction =>
            {
                var payment = Load<Payment>(transaction, attempt.Payment.OrderId)!;
                if (attempt.Answer is { } answer)
                {
                    _outbox.AddOutcome(payment, answer, Now);
                }
                else
                {
                    payment.RetryAt(
                        attempt.Payment.NextStep,
                        attempt.Payment.Attempts,
                        Now + Options.DelayAfter(attempt.Payment.Attempts)
                    );
                }
            }
        );
    }

    /// <summary>What <see cref="RefundByOperator"/> does.</summary>
    public Transaction Refund(Plan plan, Wish wish) =>
        Begin(
            $"refund {plan.Name} by an operator",
            transaction =>
            {
                var payment = Load<Payment>(transaction, plan.Id)!;
                if (payment.CanBeRefundedByOperator)
                {
                    payment.RequestRefund("requested by an operator", traceParent: null, Now);
                }
            },
            wish
        );

    public override bool Simulates(Type handler) =>
        handler == typeof(ProcessPaymentHandler)
        || handler == typeof(RefundPaymentHandler)
        || handler == typeof(NoteShippingHandler);

    public override bool IsLocked(QueuedMessage message) => IsLocked(message.Order);

    /// <summary>Whether a transaction has the row of the order's payment.</summary>
    public bool IsLocked(Guid order) => Open.Exists(transaction => transaction.Rows.Exists(row => row.Id == order));

    private bool IsDue(Payment payment) => payment.NextAttemptAt <= Now && !IsLocked(payment.OrderId);

    protected override void Handle(Transaction transaction, IReadOnlyList<object> messages)
    {
        foreach (var message in messages)
        {
            switch (message)
            {
                case ProcessPayment command:
                    var asked = LoadOrAdd(transaction, command.OrderId);
                    asked.Request(command.Terms(), traceParent: null, Now);
                    _outbox.AddPaymentReply(asked);
                    break;
                case RefundPayment command:
                    var unwanted = LoadOrAdd(transaction, command.OrderId);
                    unwanted.RequestRefund(command.CheckedReason(), traceParent: null, Now);
                    _outbox.AddRefundReply(unwanted);
                    break;
                case OrderShipped shipped:
                    var paid =
                        Load<Payment>(transaction, shipped.OrderId)
                        ?? throw new MessageRejectedException("UnknownPayment", "There is no payment of the order.");
                    Copies.ShippedAtOf(paid) ??= shipped.ShippedAt;
                    break;
                default:
                    throw new InvalidOperationException($"{message.GetType().Name} is not simulated.");
            }
        }
    }

    protected override object Copy(object value) => Copies.Of((Payment)value);

    private Payment LoadOrAdd(Transaction transaction, Guid order) =>
        Load<Payment>(transaction, order)
        // One payment per order, so the order's id is its row's.
        ?? Add(transaction, order, new Payment(Derived(order), order, Now));

    private Task<Refund> RefundOf(Payment payment) => Task.FromResult(Find<Payment>(payment.OrderId)!.Refund!);

    // The same in every run of the history.
    private static Guid Derived(Guid order)
    {
        var bytes = order.ToByteArray();
        bytes[0] ^= 0xFF;
        return new Guid(bytes);
    }
}
