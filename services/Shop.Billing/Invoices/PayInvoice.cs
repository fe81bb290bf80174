using Shop.Billing.Data;
using Shop.Messaging;

namespace Shop.Billing.Invoices;

/// <summary>Payments' event, as far as it matters here: the customer has paid for an order.</summary>
internal sealed record PaymentSucceeded(Guid OrderId, decimal Amount, string Currency, DateTimeOffset? PaidAt = null)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.payments.payment-succeeded.v1";
}

/// <summary>Lets the invoice be paid. As a rule the money comes before the confirmation: then it is remembered.</summary>
internal sealed class PayInvoiceHandler(BillingDbContext db, Settlement settlement, TimeProvider time)
    : IMessageBatchHandler<PaymentSucceeded>
{
    /// <inheritdoc />
    public async Task HandleAsync(
        IReadOnlyList<Received<PaymentSucceeded>> payments,
        CancellationToken cancellationToken
    )
    {
        if (payments.Any(payment => !IsValid(payment.Message)))
        {
            throw new MessageRejectedException(
                "InvalidPayment",
                "orderId, an amount that is not negative and a currency of three letters are required."
            );
        }
        var accounts = await db.LockAccountsAsync(
            payments.Select(payment => payment.Message.OrderId),
            time.GetUtcNow(),
            cancellationToken
        );
        foreach (var payment in payments)
        {
            await payment.HandleAsync(message =>
            {
                var account = accounts[message.OrderId];
                var paidAt = (message.PaidAt ?? payment.Context.Time).ToUniversalTime();
                account.HearOfPayment(message.Amount, message.Currency, paidAt);
                return settlement.SettleAsync(account, cancellationToken);
            });
        }
    }

    private static bool IsValid(PaymentSucceeded payment) =>
        payment.OrderId != Guid.Empty && payment.Amount >= 0 && payment.Currency.Length == 3;
}
