namespace Shop.Billing.Messages;

/// <summary>A confirmed order was billed.</summary>
internal sealed record InvoiceIssued(
    Guid InvoiceId,
    string Number,
    Guid OrderId,
    Guid UserId,
    decimal Total,
    string Currency,
    DateTimeOffset DueAt
)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.billing.invoice-issued.v1";
}

/// <summary>The money for an invoice has come.</summary>
internal sealed record InvoicePaid(
    Guid InvoiceId,
    string Number,
    Guid OrderId,
    Guid UserId,
    decimal Total,
    string Currency,
    DateTimeOffset PaidAt
)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.billing.invoice-paid.v1";
}

/// <summary>Money for an invoice went back.</summary>
internal sealed record CreditNoteIssued(
    Guid CreditNoteId,
    string Number,
    Guid InvoiceId,
    string InvoiceNumber,
    Guid OrderId,
    Guid UserId,
    decimal Amount,
    string Currency,
    DateTimeOffset IssuedAt
)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.billing.credit-note-issued.v1";
}
