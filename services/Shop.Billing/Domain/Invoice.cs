namespace Shop.Billing.Domain;

/// <summary>The invoice of one confirmed order. What it bills never changes; whether it is paid does.</summary>
internal sealed class Invoice
{
    /// <summary>How many days the customer has to pay.</summary>
    public const int DaysToPay = 30;

    private Invoice() { }

    internal Invoice(Guid orderId, DocumentNumber number, InvoiceTerms terms, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        OrderId = orderId;
        Number = number.ToString();
        UserId = terms.UserId;
        BillTo = terms.BillTo;
        Lines = terms.Lines;
        Subtotal = terms.Subtotal;
        Discount = terms.Discount;
        Tax = terms.Tax;
        Total = terms.Total;
        Currency = terms.Currency;
        ConfirmedAt = terms.ConfirmedAt;
        IssuedAt = now;
        DueAt = now.AddDays(DaysToPay);
    }

    /// <summary>The invoice's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The order; one invoice each.</summary>
    public Guid OrderId { get; private set; }

    /// <summary>Whose it is.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The printed number, see <see cref="DocumentNumber"/>.</summary>
    public string Number { get; private set; } = "";

    /// <summary>Whether it is paid.</summary>
    public InvoiceStatus Status { get; private set; }

    /// <summary>Whom it is for.</summary>
    public BillingAddress BillTo { get; private set; } = null!;

    /// <summary>What was sold.</summary>
    public IReadOnlyList<InvoiceLine> Lines { get; private set; } = [];

    /// <summary>The sum of the lines.</summary>
    public decimal Subtotal { get; private set; }

    /// <summary>What is taken off the subtotal.</summary>
    public decimal Discount { get; private set; }

    /// <summary>Tax on what is left.</summary>
    public decimal Tax { get; private set; }

    /// <summary>What is to be paid.</summary>
    public decimal Total { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>When the order was confirmed.</summary>
    public DateTimeOffset ConfirmedAt { get; private set; }

    /// <summary>When it was issued; its number is of that year.</summary>
    public DateTimeOffset IssuedAt { get; private set; }

    /// <summary>Until when it is to be paid.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>When the money came.</summary>
    public DateTimeOffset? PaidAt { get; private set; }

    /// <summary>When it was declared void.</summary>
    public DateTimeOffset? VoidedAt { get; private set; }

    /// <summary>What was given back.</summary>
    public CreditNote? CreditNote { get; private set; }

    /// <summary>
    /// The money has come. That counts also when the invoice was void already: the refund that follows then has the invoice
    /// that its credit note needs, and the books show every movement, in whatever order it was heard of.
    /// </summary>
    /// <returns>Whether that is news.</returns>
    internal bool Pay(DateTimeOffset at)
    {
        if (Status == InvoiceStatus.Paid)
        {
            return false;
        }
        Status = InvoiceStatus.Paid;
        PaidAt = at;
        VoidedAt = null;
        return true;
    }

    /// <summary>Nothing is owed any more.</summary>
    internal void Void(DateTimeOffset at)
    {
        if (Status == InvoiceStatus.Unpaid)
        {
            Status = InvoiceStatus.Void;
            VoidedAt = at;
        }
    }

    /// <summary>Gives back so much of what was paid, once.</summary>
    internal CreditNote Credit(DocumentNumber number, decimal amount, DateTimeOffset now)
    {
        if (Status != InvoiceStatus.Paid || CreditNote is not null)
        {
            throw new InvalidOperationException(
                $"Invoice {Number} is {Status} and has {(CreditNote is null ? "no" : "a")} credit note; only one that is paid gets one."
            );
        }
        return CreditNote = new CreditNote(this, number, amount, now);
    }
}
