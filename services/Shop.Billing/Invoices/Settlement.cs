using Shop.Billing.Data;
using Shop.Billing.Domain;
using Shop.Billing.Messages;
using Shop.Billing.Numbering;
using Shop.Messaging;

namespace Shop.Billing.Invoices;

/// <summary>Draws the conclusions from what an account has heard, and tells them. Without news it changes nothing.</summary>
internal sealed partial class Settlement(
    DocumentNumbers numbers,
    Outbox<BillingDbContext> outbox,
    TimeProvider time,
    ILogger<Settlement> logger
)
{
    /// <summary>Lets the account's invoice be paid, credited or void, as far as it is due.</summary>
    public async Task SettleAsync(OrderAccount account, CancellationToken cancellationToken)
    {
        if (account.Invoice is not { } invoice)
        {
            return;
        }
        if (account.TryPay())
        {
            outbox.Add(Paid(invoice), invoice.OrderId.ToString());
        }
        account.TryVoid();
        if (account.CreditDue is { } amount)
        {
            var now = time.GetUtcNow();
            var number = await numbers.NextAsync(DocumentKind.CreditNote, now, cancellationToken);
            var note = invoice.Credit(number, amount, now);
            outbox.Add(Credited(invoice, note), invoice.OrderId.ToString());
        }
        if (account.PaidAt is not null && invoice.Status != InvoiceStatus.Paid)
        {
            Log.NotCovered(logger, invoice.OrderId, invoice.Number, invoice.Status);
        }
    }

    private static InvoicePaid Paid(Invoice invoice) =>
        new(
            invoice.Id,
            invoice.Number,
            invoice.OrderId,
            invoice.UserId,
            invoice.Total,
            invoice.Currency,
            invoice.PaidAt!.Value
        );

    private static CreditNoteIssued Credited(Invoice invoice, CreditNote note) =>
        new(
            note.Id,
            note.Number,
            invoice.Id,
            invoice.Number,
            invoice.OrderId,
            invoice.UserId,
            note.Amount,
            invoice.Currency,
            note.IssuedAt
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The payment of order {OrderId} does not cover invoice {InvoiceNumber}, which stays {Status}"
        )]
        public static partial void NotCovered(ILogger logger, Guid orderId, string invoiceNumber, InvoiceStatus status);
    }
}
