using Shop.Billing.Data;
using Shop.Billing.Domain;
using Shop.Billing.Messages;
using Shop.Billing.Numbering;
using Shop.Messaging;

namespace Shop.Billing.Invoices;

/// <summary>Ordering's event, as far as it is billed: an order is confirmed.</summary>
internal sealed record OrderConfirmed(
    Guid OrderId,
    Guid UserId,
    IReadOnlyList<OrderConfirmedItem> Items,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    OrderConfirmedAddress ShippingAddress,
    DateTimeOffset ConfirmedAt
)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.ordering.order-confirmed.v1";

    /// <summary>What is billed; an order that cannot be billed is rejected.</summary>
    public InvoiceTerms Terms()
    {
        if (
            OrderId == Guid.Empty
            || UserId == Guid.Empty
            || Items.Count == 0
            || Currency.Length != 3
            || ShippingAddress.Lines is not { Count: > 0 }
        )
        {
            throw new MessageRejectedException(
                "InvalidOrder",
                "orderId, userId, items, a currency of three letters and shippingAddress.lines are required."
            );
        }
        var terms = new InvoiceTerms(
            UserId,
            new BillingAddress(
                ShippingAddress.Name,
                ShippingAddress.Street,
                ShippingAddress.City,
                ShippingAddress.PostalCode,
                ShippingAddress.Region,
                ShippingAddress.Country,
                ShippingAddress.Lines
            ),
            [
                .. Items.Select(item => new InvoiceLine(
                    item.ProductId,
                    item.Name,
                    item.UnitPrice,
                    item.Quantity,
                    item.LineTotal
                )),
            ],
            Subtotal,
            Discount,
            Tax,
            Total,
            Currency,
            ConfirmedAt.ToUniversalTime()
        );
        return terms.WrongSum() is { } wrong ? throw new MessageRejectedException("WrongSum", wrong) : terms;
    }
}

/// <summary>A line of the order.</summary>
internal sealed record OrderConfirmedItem(
    Guid ProductId,
    string Name,
    decimal UnitPrice,
    int Quantity,
    decimal LineTotal
);

/// <summary>Where the order goes, and whom it is billed to.</summary>
internal sealed record OrderConfirmedAddress(
    string Name,
    string Street,
    string City,
    string PostalCode,
    string Country,
    IReadOnlyList<string> Lines,
    string? Region = null
);

/// <summary>Issues the invoice, exactly one per order, and settles it with what was heard before.</summary>
internal sealed class IssueInvoiceHandler(
    BillingDbContext db,
    DocumentNumbers numbers,
    Settlement settlement,
    Outbox<BillingDbContext> outbox,
    TimeProvider time
) : IMessageBatchHandler<OrderConfirmed>
{
    /// <inheritdoc />
    public async Task HandleAsync(IReadOnlyList<Received<OrderConfirmed>> orders, CancellationToken cancellationToken)
    {
        var terms = orders.Select(order => order.Message.Terms()).ToList();
        var now = time.GetUtcNow();
        var accounts = await db.LockAccountsAsync(
            orders.Select(order => order.Message.OrderId),
            now,
            cancellationToken
        );
        var open = accounts.Values.Count(account => !account.IsInvoiced);
        var next = await numbers.NextAsync(DocumentKind.Invoice, now, open, cancellationToken);
        foreach (var (i, order) in orders.Index())
        {
            await order.HandleAsync(async message =>
            {
                var account = accounts[message.OrderId];
                if (!account.IsInvoiced)
                {
                    outbox.Add(Issued(account.Issue(next.Dequeue(), terms[i], now)), message.OrderId.ToString());
                    await settlement.SettleAsync(account, cancellationToken);
                }
            });
        }
    }

    private static InvoiceIssued Issued(Invoice invoice) =>
        new(
            invoice.Id,
            invoice.Number,
            invoice.OrderId,
            invoice.UserId,
            invoice.Total,
            invoice.Currency,
            invoice.DueAt
        );
}
