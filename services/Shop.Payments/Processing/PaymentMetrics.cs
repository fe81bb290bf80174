using System.Diagnostics.Metrics;
using Shop.Payments.Domain;

namespace Shop.Payments.Processing;

/// <summary>How often the provider was asked, and what it said.</summary>
internal sealed class PaymentMetrics(IMeterFactory meters)
{
    /// <summary>The outcome of an attempt to which no answer came: the provider may or may not have acted.</summary>
    public const string Unanswered = "unanswered";

    private readonly Counter<long> _attempts = meters
        .Create("Shop.Payments")
        .CreateCounter<long>(
            "shop.payments.attempts",
            "{attempt}",
            "Requests to the payment provider, by shop.payment.step and shop.payment.outcome."
        );

    public void Attempted(ProviderStep? step, string outcome) =>
        _attempts.Add(
            1,
            KeyValuePair.Create("shop.payment.step", (object?)step?.ToString().ToLowerInvariant()),
            KeyValuePair.Create("shop.payment.outcome", (object?)outcome)
        );
}
