using Shop.Payments.Domain;
using Shop.Payments.Provider;

namespace Shop.Payments.Processing;

/// <summary>What the provider has said for certain, and what that does to the payment.</summary>
internal abstract record ProviderAnswer
{
    /// <summary>The answer in one word, for traces.</summary>
    public abstract string Name { get; }

    /// <summary>Lets the payment know.</summary>
    public abstract void ApplyTo(Payment payment, DateTimeOffset now);

    /// <summary>The answer about a charge; null when the provider has not decided.</summary>
    public static ProviderAnswer? Of(ChargeResult result) =>
        result.Status switch
        {
            ChargeStatus.Succeeded => new Charged(result.Reference),
            ChargeStatus.Failed => new Declined(
                result.FailureCode ?? "declined",
                result.FailureMessage ?? "The payment was declined."
            ),
            ChargeStatus.Cancelled => new Declined("cancelled", "The payment was cancelled."),
            _ => null,
        };

    internal sealed record Charged(string Reference) : ProviderAnswer
    {
        public override string Name => "charged";

        public override void ApplyTo(Payment payment, DateTimeOffset now) => payment.Charged(Reference, now);
    }

    internal sealed record Declined(string Code, string Message) : ProviderAnswer
    {
        public override string Name => Code;

        public override void ApplyTo(Payment payment, DateTimeOffset now) => payment.Declined(Code, Message, now);
    }

    internal sealed record Refunded(string Reference) : ProviderAnswer
    {
        public override string Name => "refunded";

        public override void ApplyTo(Payment payment, DateTimeOffset now) => payment.RefundCompleted(Reference, now);
    }
}
