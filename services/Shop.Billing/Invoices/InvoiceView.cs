using System.Linq.Expressions;
using Shop.Billing.Domain;

namespace Shop.Billing.Invoices;

/// <summary>An invoice in a list.</summary>
internal sealed record InvoiceSummary(
    Guid Id,
    string Number,
    Guid OrderId,
    Guid UserId,
    InvoiceStatus Status,
    decimal Total,
    string Currency,
    DateTimeOffset IssuedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? PaidAt,
    string? CreditNoteNumber
)
{
    /// <summary>The same from the database.</summary>
    public static readonly Expression<Func<Invoice, InvoiceSummary>> FromInvoice = invoice => new InvoiceSummary(
        invoice.Id,
        invoice.Number,
        invoice.OrderId,
        invoice.UserId,
        invoice.Status,
        invoice.Total,
        invoice.Currency,
        invoice.IssuedAt,
        invoice.DueAt,
        invoice.PaidAt,
        invoice.CreditNote == null ? null : invoice.CreditNote.Number
    );
}

/// <summary>An invoice with all that is on it.</summary>
internal sealed record InvoiceView(
    Guid Id,
    string Number,
    Guid OrderId,
    Guid UserId,
    InvoiceStatus Status,
    BillingAddress BillTo,
    IReadOnlyList<InvoiceLine> Lines,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    DateTimeOffset IssuedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? PaidAt,
    DateTimeOffset? VoidedAt,
    CreditNoteView? CreditNote
)
{
    /// <summary>What is told of an invoice.</summary>
    public static InvoiceView Of(Invoice invoice) =>
        new(
            invoice.Id,
            invoice.Number,
            invoice.OrderId,
            invoice.UserId,
            invoice.Status,
            invoice.BillTo,
            invoice.Lines,
            invoice.Subtotal,
            invoice.Discount,
            invoice.Tax,
            invoice.Total,
            invoice.Currency,
            invoice.IssuedAt,
            invoice.DueAt,
            invoice.PaidAt,
            invoice.VoidedAt,
            invoice.CreditNote is { } note ? CreditNoteView.Of(invoice, note) : null
        );
}

/// <summary>A credit note.</summary>
internal sealed record CreditNoteView(
    Guid Id,
    string Number,
    Guid InvoiceId,
    string InvoiceNumber,
    Guid OrderId,
    decimal Amount,
    decimal Tax,
    string Currency,
    DateTimeOffset IssuedAt
)
{
    /// <summary>What is told of a credit note.</summary>
    public static CreditNoteView Of(Invoice invoice, CreditNote note) =>
        new(
            note.Id,
            note.Number,
            invoice.Id,
            invoice.Number,
            invoice.OrderId,
            note.Amount,
            note.Tax,
            invoice.Currency,
            note.IssuedAt
        );
}
