namespace Shop.Billing.Domain;

/// <summary>What was given back of a paid invoice; it takes the invoice back as far as that.</summary>
internal sealed class CreditNote
{
    private CreditNote() { }

    internal CreditNote(Invoice invoice, DocumentNumber number, decimal amount, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        InvoiceId = invoice.Id;
        Number = number.ToString();
        Amount = amount;
        Tax =
            invoice.Total == 0
                ? 0
                : decimal.Round(invoice.Tax * amount / invoice.Total, 2, MidpointRounding.AwayFromZero);
        IssuedAt = now;
    }

    /// <summary>The credit note's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The invoice; one credit note each.</summary>
    public Guid InvoiceId { get; private set; }

    /// <summary>The printed number, in a series of its own.</summary>
    public string Number { get; private set; } = "";

    /// <summary>What was given back, in the invoice's currency, tax included.</summary>
    public decimal Amount { get; private set; }

    /// <summary>The part of it that is tax, in the proportion of the invoice.</summary>
    public decimal Tax { get; private set; }

    /// <summary>When it was issued; its number is of that year.</summary>
    public DateTimeOffset IssuedAt { get; private set; }
}
