using Shop.Billing.Data;
using Shop.Billing.Invoices;
using Shop.Messaging;

namespace Shop.Billing.CreditNotes;

/// <summary>Payments' event, as far as it matters here: so much went back to the customer, 0 if nothing had been taken.</summary>
internal sealed record PaymentRefunded(Guid OrderId, decimal Amount = 0)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.payments.payment-refunded.v1";
}

/// <summary>Issues the credit note, exactly one per invoice, as soon as there is a paid invoice for it.</summary>
internal sealed class IssueCreditNoteHandler(BillingDbContext db, Settlement settlement, TimeProvider time)
    : IMessageHandler<PaymentRefunded>
{
    /// <inheritdoc />
    public async Task HandleAsync(PaymentRefunded message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.OrderId == Guid.Empty || message.Amount < 0)
        {
            throw new MessageRejectedException(
                "InvalidRefund",
                "orderId and an amount that is not negative are required."
            );
        }
        if (message.Amount == 0)
        {
            return;
        }
        var account = await db.LockAccountAsync(message.OrderId, time.GetUtcNow(), cancellationToken);
        account.HearOfRefund(message.Amount);
        await settlement.SettleAsync(account, cancellationToken);
    }
}
