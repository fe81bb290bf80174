namespace Shop.Payments.Provider.Simulated;

/// <summary>How the simulated provider behaves towards a payment method, like a real provider's test cards.</summary>
/// <param name="FailureCode">The code it refuses with; null when it charges.</param>
/// <param name="FailureMessage">The same for people.</param>
/// <param name="NeverAnswers">It takes note of the request and never decides.</param>
/// <param name="LosesFirstAnswer">It charges, but nobody hears the first answer.</param>
/// <param name="FailsFirst">It is out of order at the first attempt.</param>
internal sealed record TestPaymentMethod(
    string? FailureCode = null,
    string? FailureMessage = null,
    bool NeverAnswers = false,
    bool LosesFirstAnswer = false,
    bool FailsFirst = false
)
{
    /// <summary>Where a charge stands after the first attempt.</summary>
    public ChargeStatus FirstStatus =>
        NeverAnswers || FailsFirst ? ChargeStatus.Processing
        : FailureCode is null ? ChargeStatus.Succeeded
        : ChargeStatus.Failed;

    private static readonly TestPaymentMethod Unknown = new(
        "invalid_payment_method",
        "The payment method does not exist."
    );

    private static readonly Dictionary<string, TestPaymentMethod> All = new(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = new(),
        ["pm_card_mastercard"] = new(),
        ["pm_card_chargeDeclined"] = new("card_declined", "The card was declined."),
        ["pm_card_chargeDeclinedInsufficientFunds"] = new("insufficient_funds", "The card has insufficient funds."),
        ["pm_card_timeout"] = new(NeverAnswers: true),
        ["pm_card_answerLost"] = new(LosesFirstAnswer: true),
        ["pm_card_failsThenSucceeds"] = new(FailsFirst: true),
    };

    /// <summary>The behaviour towards a token.</summary>
    public static TestPaymentMethod For(string token) => All.GetValueOrDefault(token, Unknown);
}
