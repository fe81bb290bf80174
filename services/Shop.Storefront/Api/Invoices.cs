namespace Shop.Storefront.Api;

/// <summary>An invoice in a list.</summary>
public sealed record InvoiceSummary(
    Guid Id,
    string Number,
    Guid OrderId,
    string Status,
    decimal Total,
    string Currency,
    DateTimeOffset IssuedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? PaidAt,
    string? CreditNoteNumber
);

/// <summary>An invoice with all that is on it.</summary>
public sealed record Invoice(
    Guid Id,
    string Number,
    Guid OrderId,
    string Status,
    Address BillTo,
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
    CreditNote? CreditNote
);

public sealed record InvoiceLine(Guid ProductId, string Name, decimal UnitPrice, int Quantity, decimal Total);

/// <summary>What was given back of a paid invoice.</summary>
public sealed record CreditNote(string Number, decimal Amount, decimal Tax, DateTimeOffset IssuedAt);
