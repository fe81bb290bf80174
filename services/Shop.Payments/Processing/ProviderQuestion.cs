using Shop.Payments.Domain;
using Shop.Payments.Provider;

namespace Shop.Payments.Processing;

/// <summary>What the provider is asked for a payment's next step. Asked again, it is asked with the same idempotency key.</summary>
internal static class ProviderQuestion
{
    /// <summary>Asks; null when the provider has not decided.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="payment">A payment that was claimed.</param>
    /// <param name="refund">Loads its refund.</param>
    /// <param name="cancellationToken">Ends the wait; the provider may have acted then.</param>
    public static async Task<ProviderAnswer?> AskAsync(
        this IPaymentProvider provider,
        Payment payment,
        Func<Task<Refund>> refund,
        CancellationToken cancellationToken
    )
    {
        var key = payment.Id.ToString();
        switch (payment.NextStep)
        {
            case ProviderStep.Charge:
                var charge = new ChargeRequest(key, payment.PaymentMethod!, payment.Amount, payment.Currency!);
                return ProviderAnswer.Of(await provider.ChargeAsync(charge, cancellationToken));
            case ProviderStep.Cancel:
                return ProviderAnswer.Of(await provider.CancelAsync(key, cancellationToken));
            case ProviderStep.Refund:
                var back = await refund();
                return new ProviderAnswer.Refunded(
                    await provider.RefundAsync(
                        new RefundRequest(
                            back.Id.ToString(),
                            payment.ProviderReference!,
                            back.Amount,
                            payment.Currency!
                        ),
                        cancellationToken
                    )
                );
            default:
                throw new InvalidOperationException($"There is nothing to ask about payment {payment.Id}.");
        }
    }
}
