namespace Shop.Payments.Reconciliation;

/// <summary>What the two books disagree on.</summary>
internal enum DifferenceKind
{
    /// <summary>The provider has taken money, or may yet, for a payment that is not in our books.</summary>
    UnknownCharge,

    /// <summary>We have a charge that the provider does not know.</summary>
    MissingCharge,

    /// <summary>Another amount, currency or reference.</summary>
    Amount,

    /// <summary>One side says that money was taken, the other that it was not.</summary>
    State,

    /// <summary>The provider has given money back that we know nothing of.</summary>
    UnknownRefund,

    /// <summary>We have a refund that the provider does not know.</summary>
    MissingRefund,

    /// <summary>Neither side is wrong, but nothing has moved for longer than the grace time.</summary>
    Stuck,
}

/// <summary>A difference between the books, for people.</summary>
/// <param name="Kind">What kind it is.</param>
/// <param name="Payment">The payment's id, the provider's idempotency key.</param>
/// <param name="OrderId">The order, where we know it.</param>
/// <param name="Ours">What our books say.</param>
/// <param name="Theirs">What the provider's books say.</param>
internal sealed record Difference(DifferenceKind Kind, string Payment, Guid? OrderId, string Ours, string Theirs);
