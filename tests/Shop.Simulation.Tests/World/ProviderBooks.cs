using Shop.Payments.Provider;
using Shop.Payments.Provider.Simulated;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// The payment provider, a company across the street: it keeps what it has done whoever crashes, and treats the test payment
/// methods as the product's own stand-in does.
/// </summary>
internal sealed class ProviderBooks(Flaw flaw) : IPaymentProvider
{
    private readonly List<Charge> _charges = [];

    /// <summary>Which order the next request is about; a real provider would not know.</summary>
    public Guid Order { get; set; }

    public IReadOnlyList<Charge> Charges => _charges;

    public Task<ChargeResult> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        var behaviour = TestPaymentMethod.For(request.PaymentMethod);
        var charge = FindOrAdd(request.IdempotencyKey);
        charge.Attempts++;
        if (charge.Status == ChargeStatus.Processing && !(behaviour.FailsFirst && charge.Attempts == 1))
        {
            charge.Status =
                behaviour.NeverAnswers ? ChargeStatus.Processing
                : behaviour.FailureCode is null ? ChargeStatus.Succeeded
                : ChargeStatus.Failed;
            charge.Amount = request.Amount;
        }
        return charge.Status == ChargeStatus.Processing || (behaviour.LosesFirstAnswer && charge.Attempts == 1)
            ? throw new PaymentProviderException("No answer.")
            : Task.FromResult(
                new ChargeResult(charge.Status, charge.Reference, behaviour.FailureCode, behaviour.FailureMessage)
            );
    }

    public Task<ChargeResult> CancelAsync(string idempotencyKey, CancellationToken cancellationToken)
    {
        var charge = FindOrAdd(idempotencyKey);
        if (charge.Status == ChargeStatus.Processing)
        {
            charge.Status = ChargeStatus.Cancelled;
        }
        return Task.FromResult(new ChargeResult(charge.Status, charge.Reference));
    }

    public Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        var charge =
            _charges.Find(one => one.Reference == request.ChargeReference && one.Status == ChargeStatus.Succeeded)
            ?? throw new Violation("what is refunded was charged", request.ChargeReference);
        if (charge.RefundKeys.Count == 0 || !charge.RefundKeys.Contains(request.IdempotencyKey))
        {
            charge.RefundKeys.Add(request.IdempotencyKey);
            charge.Refunded += request.Amount;
        }
        return Task.FromResult("re_" + charge.Reference);
    }

    public Task<IReadOnlyList<BookedCharge>> ListAsync(
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("Reconciliation is not simulated.");

    public Task<IReadOnlyList<BookedCharge>> FindAsync(
        IReadOnlyCollection<string> idempotencyKeys,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("Reconciliation is not simulated.");

    private Charge FindOrAdd(string key)
    {
        var charge = flaw == Flaw.ForgetfulProvider ? null : _charges.Find(one => one.Key == key);
        if (charge is null)
        {
            charge = new Charge(key, $"ch_{_charges.Count + 1}", Order);
            _charges.Add(charge);
        }
        return charge;
    }

    /// <summary>An entry of the books.</summary>
    internal sealed class Charge(string key, string reference, Guid order)
    {
        public string Key { get; } = key;
        public string Reference { get; } = reference;
        public Guid Order { get; } = order;
        public ChargeStatus Status { get; set; }
        public decimal Amount { get; set; }
        public int Attempts { get; set; }
        public List<string> RefundKeys { get; } = [];
        public decimal Refunded { get; set; }

        /// <summary>What the customer has paid and not got back.</summary>
        public decimal Kept => Status == ChargeStatus.Succeeded ? Amount - Refunded : 0;
    }
}
