using Shop.Billing.Data;
using Shop.Messaging;

namespace Shop.Billing.Invoices;

/// <summary>Ordering's event, as far as it matters here: an order is cancelled.</summary>
internal sealed record OrderCancelled(Guid OrderId, DateTimeOffset? CancelledAt = null)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.ordering.order-cancelled.v1";
}

/// <summary>Declares the invoice void if it is not paid; if it is, the refund brings a credit note.</summary>
internal sealed class VoidInvoiceHandler(BillingDbContext db, Settlement settlement, TimeProvider time)
    : IMessageHandler<OrderCancelled>
{
    /// <inheritdoc />
    public async Task HandleAsync(OrderCancelled message, MessageContext context, CancellationToken cancellationToken)
    {
        var account = await db.LockAccountAsync(message.OrderId, time.GetUtcNow(), cancellationToken);
        account.HearOfCancellation((message.CancelledAt ?? context.Time).ToUniversalTime());
        await settlement.SettleAsync(account, cancellationToken);
    }
}
