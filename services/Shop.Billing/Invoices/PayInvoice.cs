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
    : IMessageHandler<PaymentSucceeded>
{
    /// <inheritdoc />
    public async Task HandleAsync(PaymentSucceeded message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.OrderId == Guid.Empty || message.Amount < 0 || message.Currency.Length != 3)
        {
            throw new MessageRejectedException(
                "InvalidPayment",
                "orderId, an amount that is not negative and a currency of three letters are required."
            );
        }
        var account = await db.LockAccountAsync(message.OrderId, time.GetUtcNow(), cancellationToken);
        account.HearOfPayment(message.Amount, message.Currency, (message.PaidAt ?? context.Time).ToUniversalTime());
        await settlement.SettleAsync(account, cancellationToken);
    }
}
