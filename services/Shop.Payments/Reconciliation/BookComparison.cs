using System.Globalization;
using Shop.Payments.Domain;
using Shop.Payments.Provider;

namespace Shop.Payments.Reconciliation;

/// <summary>
/// The rules by which a payment of ours and the provider's charge agree. At most one difference per payment is told: the
/// first that matters.
/// </summary>
internal static class BookComparison
{
    private const string Nothing = "-";

    /// <summary>What is wrong between the two, or null when they agree. One of them may be missing.</summary>
    public static Difference? Compare(Payment? ours, BookedCharge? theirs) =>
        KindOf(ours, theirs) is { } kind
            ? new Difference(
                kind,
                ours?.Id.ToString() ?? theirs!.IdempotencyKey,
                ours?.OrderId,
                Describe(ours),
                Describe(theirs)
            )
            : null;

    /// <summary>When the payment changed last, its refund included.</summary>
    public static DateTimeOffset ChangedAt(Payment payment) =>
        payment.Refund is { } refund && (refund.CompletedAt ?? refund.CreatedAt) is var at && at > payment.UpdatedAt
            ? at
            : payment.UpdatedAt;

    private static DifferenceKind? KindOf(Payment? ours, BookedCharge? theirs) =>
        (ours, theirs) switch
        {
            (null, null) => null,
            (null, { Status: ChargeStatus.Succeeded or ChargeStatus.Processing }) => DifferenceKind.UnknownCharge,
            (null, _) => null,
            (_, null) => OfUnheard(ours),
            _ => OfCharge(ours, theirs) ?? OfTerms(ours, theirs) ?? OfRefund(ours, theirs),
        };

    private static DifferenceKind? OfUnheard(Payment ours) =>
        ours.Status is PaymentStatus.Succeeded or PaymentStatus.Refunded || ours.Refund is not null
            ? DifferenceKind.MissingCharge
        : ours.NextStep is not null ? DifferenceKind.Stuck
        : null;

    // Has the customer been charged? The provider's answer is the truth; ours is what we have learned of it.
    private static DifferenceKind? OfCharge(Payment ours, BookedCharge theirs)
    {
        var weSayCharged = ours.Status is PaymentStatus.Succeeded or PaymentStatus.Refunded || ours.Refund is not null;
        return (theirs.Status, weSayCharged, ours.NextStep) switch
        {
            (ChargeStatus.Succeeded, true, _) => null,
            (_, true, _) => DifferenceKind.State,
            // Money that came back is nobody's loss, even if we never learned that it was taken.
            (ChargeStatus.Succeeded, false, null) when theirs.Refund is not null => DifferenceKind.UnknownRefund,
            (ChargeStatus.Succeeded, false, _) => DifferenceKind.State,
            (ChargeStatus.Processing, false, null) => DifferenceKind.State,
            (_, false, not null) => DifferenceKind.Stuck,
            _ => null,
        };
    }

    private static DifferenceKind? OfTerms(Payment ours, BookedCharge theirs) =>
        theirs.Status == ChargeStatus.Succeeded
        && (
            ours.Amount != theirs.Amount
            || ours.Currency != theirs.Currency
            || ours.ProviderReference != theirs.Reference
        )
            ? DifferenceKind.Amount
            : null;

    private static DifferenceKind? OfRefund(Payment ours, BookedCharge theirs) =>
        (ours.Refund, theirs.Refund) switch
        {
            (null, null) => null,
            (null, not null) => DifferenceKind.UnknownRefund,
            ({ CompletedAt: null }, _) => DifferenceKind.Stuck,
            (_, null) => DifferenceKind.MissingRefund,
            var (our, their) when our.Amount != their.Amount || our.ProviderReference != their.Reference =>
                DifferenceKind.Amount,
            _ => null,
        };

    private static string Describe(Payment? payment) =>
        payment is null
            ? Nothing
            : $"{payment.Status} {Money(payment.Amount, payment.Currency)}"
                + payment.Refund switch
                {
                    null => "",
                    { CompletedAt: null } refund => $", refund {Money(refund.Amount, null)} on its way",
                    var refund => $", refund {Money(refund.Amount, null)}",
                }
                + (payment.NextStep is { } step ? $", {step} after {payment.Attempts} attempts" : "");

    private static string Describe(BookedCharge? charge) =>
        charge is null
            ? Nothing
            : $"{charge.Status} {Money(charge.Amount, charge.Currency)}"
                + (charge.Refund is { } refund ? $", refund {Money(refund.Amount, null)}" : "");

    private static string Money(decimal amount, string? currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} {currency}").TrimEnd();
}
